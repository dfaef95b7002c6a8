import { ActionIcon } from '@mantine/core';
import { useOpener } from '../ui/floating/useOpener.ts';
import { MoreIcon } from '../ui/icons.tsx';
import { onDemand } from '../ui/onDemand/onDemand.tsx';

const Entries = onDemand(
  'The menu',
  async () => (await import('./ViewMenuEntries.tsx')).ViewMenuEntries,
  { kind: 'floating' },
);

/** Opens what a person sets for their own eyes and hands. */
export function ViewMenu() {
  const { button, anchored } = useOpener('menu');
  return (
    <>
      <ActionIcon variant="default" size={36} aria-label="View" {...button}>
        <MoreIcon />
      </ActionIcon>
      {anchored && <Entries {...anchored} />}
    </>
  );
}
