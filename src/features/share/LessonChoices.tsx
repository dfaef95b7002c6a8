import { Checkbox, NativeSelect } from '@mantine/core';
import { type Place, placeNames, placeOfPanel, visiblePlaces } from '../../experiment/places.ts';
import type { HideablePanel } from '../../experiment/state.ts';
import { ChoiceGroup } from '../../ui/fields/ChoiceGroup.tsx';
import {
  findMissingParent,
  findTemplate,
  type Lesson,
  lessonOf,
  openedPlace,
  orderedPanels,
  panelsOf,
  showPanel,
  type TemplateName,
  templates,
} from './lesson.ts';
import { panelNames } from './panelNames.ts';
import styles from './Lesson.module.css';

interface LessonChoicesProps {
  readonly lesson: Lesson;
  readonly onChange: (lesson: Lesson) => void;
}

const templateChoices = (Object.keys(templates) as TemplateName[]).map((value) => {
  const { label, description } = templates[value];
  return { value, label, description };
});

/** Ready lessons to start from. None is chosen while the lesson differs from all of them. */
export function Templates({ lesson, onChange }: LessonChoicesProps) {
  return (
    <ChoiceGroup<TemplateName | 'own'>
      label="Start from"
      role="radiogroup"
      layout="list"
      choices={templateChoices}
      value={findTemplate({ ...lesson, place: openedPlace(lesson) }) ?? 'own'}
      onChange={(name) => {
        if (name !== 'own') onChange(lessonOf(name));
      }}
    />
  );
}

/** The panels that students see, and the place that opens first. */
export function Visible({ lesson, onChange }: LessonChoicesProps) {
  const others = orderedPanels.filter((panel) => placeOfPanel[panel] !== 'lab');
  return (
    <div className={styles.visible}>
      <Panels legend="Students see in the Lab" panels={panelsOf('lab')} {...{ lesson, onChange }} />
      <div>
        <Panels legend="Students also see" panels={others} {...{ lesson, onChange }} />
        <NativeSelect
          className={styles.place}
          label="The link opens"
          data={visiblePlaces(lesson.hidden).map((value) => ({ value, label: placeNames[value] }))}
          value={openedPlace(lesson)}
          onChange={(event) => onChange({ ...lesson, place: event.currentTarget.value as Place })}
        />
      </div>
    </div>
  );
}

interface PanelsProps extends LessonChoicesProps {
  readonly legend: string;
  readonly panels: readonly HideablePanel[];
}

function Panels({ legend, panels, lesson, onChange }: PanelsProps) {
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{legend}</legend>
      <div className={styles.boxes}>
        {panels.map((panel) => {
          const missing = findMissingParent(panel, lesson.hidden);
          return (
            <Checkbox
              key={panel}
              classNames={{ body: styles.box, label: styles.boxLabel }}
              label={panelNames[panel]}
              disabled={missing !== null}
              checked={!lesson.hidden.includes(panel)}
              onChange={(event) => onChange(showPanel(lesson, panel, event.currentTarget.checked))}
            />
          );
        })}
      </div>
    </fieldset>
  );
}
