import { firstPad } from '../../experiment/drawing/firstScreen.ts';
import { linkedPart } from '../../experiment/link/link.ts';
import { placeNames, visiblePlaces } from '../../experiment/places.ts';
import type { HideablePanel } from '../../experiment/state.ts';
import { useLab } from '../../experiment/useLab.ts';
import { formatEpsilon } from '../../ui/format.ts';
import { DigitImage } from '../../ui/images/DigitImage.tsx';
import { type Lesson, openedPlace, panelsOf } from './lesson.ts';
import { panelNames } from './panelNames.ts';
import styles from './Lesson.module.css';

interface LessonPreviewProps {
  readonly lesson: Lesson;
}

/** A sketch of the page that the link opens. */
export function LessonPreview({ lesson }: LessonPreviewProps) {
  const { hidden } = lesson;
  const place = openedPlace(lesson);
  const epsilon = useLab((state) => state.attackEpsilon);
  const hasDigit = place === 'lab' ? !hidden.includes('draw') : place === 'how';
  const name = place === 'lab' ? 'the Lab' : placeNames[place];
  const pad = hasDigit ? 'with the digit that is on the pad now and' : 'with';
  return (
    <figure className={styles.preview} data-testid="lesson-preview" data-place={place}>
      <p className={styles.legend}>Preview</p>
      <div className={styles.sheet} aria-hidden="true">
        <div className={styles.bar}>
          {visiblePlaces(hidden).map((one) => (
            <span key={one} className={styles.tab} data-now={one === place || undefined}>
              {placeNames[one]}
            </span>
          ))}
        </div>
        {place === 'lab' ? (
          <LabSketch hidden={hidden} />
        ) : (
          panelsOf(place)
            .filter((panel) => !hidden.includes(panel))
            .map((panel) => (
              <span key={panel} className={styles.large}>
                {panelNames[panel]}
              </span>
            ))
        )}
      </div>
      <figcaption className={styles.note}>
        {`Opens ${name}, ${pad} ε\u00a0=\u00a0${formatEpsilon(epsilon)}.`}
        {hidden.length > 0 && ' Students can still show what is hidden.'}
      </figcaption>
    </figure>
  );
}

function LabSketch({ hidden }: { readonly hidden: readonly HideablePanel[] }) {
  const has = (panel: HideablePanel): boolean => !hidden.includes(panel);
  return (
    <>
      {has('draw') ? <PadSketch /> : <Epsilon />}
      {has('train') && (
        <div className={styles.row}>
          <span className={styles.train}>Train</span>
          {has('setup') && <span>{panelNames.setup}</span>}
          {has('advanced') && <span>{panelNames.advanced}</span>}
        </div>
      )}
      {(['curves', 'examples', 'results'] as const).filter(has).map((panel) => (
        <span key={panel} className={styles.block}>
          {panelNames[panel]}
          {panel !== 'examples' && ' (after training)'}
        </span>
      ))}
    </>
  );
}

/** The pad with the digit that the link contains, and a card for each network. */
function PadSketch() {
  const pixels = useLab((state) => linkedPart(state).drawing ?? firstPad.base!);
  return (
    <div className={styles.hero}>
      <DigitImage pixels={pixels} label="" />
      <div className={styles.networks}>
        <div className={styles.cards}>
          <span>Plain</span>
          <span>Dropout</span>
          <span>ABP</span>
        </div>
        <Epsilon />
      </div>
    </div>
  );
}

function Epsilon() {
  const epsilon = useLab((state) => state.attackEpsilon);
  return <span className={styles.slider}>{`ε = ${formatEpsilon(epsilon)}`}</span>;
}
