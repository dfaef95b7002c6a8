import { UnstyledButton } from '@mantine/core';
import { useRef, useState } from 'react';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { panelNames } from './panelNames.ts';
import styles from './Share.module.css';

/** Says which panels the link has hidden and can show them again; nothing if none was hidden. */
export function HiddenPanels() {
  const lab = useLabActions();
  const hidden = useLab((state) => state.hiddenPanels);
  const [wereShown, setShown] = useState(false);
  const place = useRef<HTMLParagraphElement>(null);
  if (hidden.length === 0 && !wereShown) return null;
  return (
    <p
      ref={place}
      tabIndex={-1}
      className={styles.hidden}
      data-testid="hidden-panels"
      data-panels={hidden.join()}
    >
      {hidden.length === 0 ? (
        'Everything is shown.'
      ) : (
        <>
          {`This link hides: ${hidden.map((panel) => panelNames[panel]).join(', ')}. `}
          <UnstyledButton
            className={styles.showAll}
            onClick={() => {
              setShown(true);
              lab.update({ hiddenPanels: [] });
              place.current?.focus(); // the button is about to disappear
            }}
          >
            Show everything
          </UnstyledButton>
        </>
      )}
    </p>
  );
}
