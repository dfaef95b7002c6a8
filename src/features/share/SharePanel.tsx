import { Button, Checkbox, Textarea } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import { linkedPart } from '../../experiment/link/link.ts';
import { type HideablePanel, hideablePanels } from '../../experiment/state.ts';
import { useLab } from '../../experiment/useLab.ts';
import { type CopyOutcome, describeOutcome } from './outcome.ts';
import { panelNames } from './panelNames.ts';
import styles from './Share.module.css';
import { addressOf } from './shareAddress.ts';

interface SharePanelProps {
  /** Panels that the link will hide; the panels of this page stay as they are. */
  readonly hidden: readonly HideablePanel[];
  readonly onHide: (panels: readonly HideablePanel[]) => void;
  readonly outcome: CopyOutcome | null;
  readonly onCopy: (address: string) => void;
}

/** Shows the link and whether it was copied, and chooses the panels that it hides. */
export function SharePanel({ hidden, onHide, outcome, onCopy }: SharePanelProps) {
  const address = useAddress(hidden);
  const field = useRef<HTMLTextAreaElement>(null);
  const isRefused = outcome?.address === address && !outcome.isCopied;
  useEffect(() => {
    if (isRefused) {
      field.current?.focus();
      field.current?.select();
    }
  }, [isRefused, outcome]);
  return (
    <div className={styles.panel}>
      <Textarea
        ref={field}
        label="Link to this setup and view"
        description="It holds settings, not trained networks, and starts nothing by itself."
        inputWrapperOrder={['label', 'input', 'description']}
        classNames={{ input: styles.address }}
        rows={3}
        readOnly
        spellCheck={false}
        data-autofocus
        value={address}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className={styles.copy}>
        <Button variant="default" onClick={() => onCopy(address)}>
          Copy link
        </Button>
        <span className={styles.outcome} aria-hidden="true">
          {outcome && describeOutcome(outcome, address)}
        </span>
      </div>
      <fieldset className={styles.choices}>
        <legend className={styles.legend}>For a class</legend>
        <div className={styles.panels}>
          {hideablePanels.map((panel) => (
            <Checkbox
              key={panel}
              label={`Hide ${panelNames[panel]}`}
              checked={hidden.includes(panel)}
              onChange={(event) => {
                const isChosen = event.currentTarget.checked;
                onHide(isChosen ? [...hidden, panel] : hidden.filter((one) => one !== panel));
              }}
            />
          ))}
        </div>
        <p className={styles.note}>Whoever opens the link can show them again.</p>
      </fieldset>
    </div>
  );
}

/** The page's address with the current state; it renders again only when a part of the link changes. */
function useAddress(hiddenPanels: readonly HideablePanel[]): string {
  const setup = useLab((state) => state.setup);
  const attackEpsilon = useLab((state) => state.attackEpsilon);
  const view = useLab((state) => state.view);
  const first = useLab((state) => state.examples.first);
  const enginePreference = useLab((state) => state.enginePreference);
  const tourStep = useLab((state) => state.tourStep);
  const place = useLab((state) => state.place);
  const drawing = useLab((state) => linkedPart(state).drawing);
  return useMemo(
    () =>
      addressOf({
        setup,
        attackEpsilon,
        view,
        firstExample: first,
        drawing,
        enginePreference,
        hiddenPanels,
        place,
        tourStep,
      }),
    [setup, attackEpsilon, view, first, drawing, enginePreference, hiddenPanels, place, tourStep],
  );
}
