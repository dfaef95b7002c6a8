import { Button } from '@mantine/core';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { isPadEmpty } from '../../../experiment/drawing/pad.ts';
import type { Lab } from '../../../experiment/lab.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { cleanName } from '../../../domain/cleanName.ts';
import { reportError } from '../../../domain/errors.ts';
import { saveFile } from '../../../ui/charts/export/saveFile.ts';
import { codeOnDemand } from '../../../ui/onDemand/onDemand.tsx';
import { ProblemNotice } from '../../../ui/ProblemNotice.tsx';
import { SteadyButton } from '../../../ui/fields/SteadyButton.tsx';
import styles from './Pad.module.css';
import { paintPad } from './paintPad.ts';
import { paintingContext } from '../../../ui/images/paintingContext.ts';

const loadReader = codeOnDemand(
  'The code that reads pictures',
  () => import('../../../experiment/drawing/readImage.ts'),
);

interface Outcome {
  readonly news: string;
  readonly problem: { readonly title: string; readonly sentences: string[] } | null;
}

const quiet: Outcome = { news: '', problem: null };

interface PictureFilesProps {
  /** The part of the page where pictures can be dropped. */
  readonly section: RefObject<HTMLElement | null>;
  /** Whether the buttons are shown; dropping and pasting work without them. */
  readonly hasButtons: boolean;
}

/** Puts pictures on the pad that are chosen, dropped or pasted into the page, and saves the pad as a picture. */
export function PictureFiles({ section, hasButtons }: PictureFilesProps) {
  const lab = useLabActions();
  const input = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState(quiet);
  const isEmpty = useLab(({ drawing }) => isPadEmpty(drawing.pad));
  /** The picture opened last; an earlier one whose reading ends later is ignored. */
  const latest = useRef<File | null>(null);

  const open = useCallback(
    async (file: File): Promise<void> => {
      latest.current = file;
      await openPicture(lab, file, setOutcome, () => latest.current === file);
    },
    [lab],
  );

  useEffect(() => {
    function handlePaste(event: ClipboardEvent): void {
      const file = event.clipboardData?.files[0];
      // Text is left to the browser; so is what is pasted into a field, even with a picture of it, as from a spreadsheet.
      if (!file || isField(event.target)) return;
      event.preventDefault();
      void open(file);
    }
    function handleDrag(event: DragEvent): void {
      event.preventDefault(); // allows the drop
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    }
    function handleDrop(event: DragEvent): void {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file) void open(file);
    }
    const target = section.current;
    document.addEventListener('paste', handlePaste);
    target?.addEventListener('dragover', handleDrag);
    target?.addEventListener('drop', handleDrop);
    return () => {
      document.removeEventListener('paste', handlePaste);
      target?.removeEventListener('dragover', handleDrag);
      target?.removeEventListener('drop', handleDrop);
    };
  }, [open, section]);

  return (
    <div className={styles.pictures}>
      <div className={styles.files} hidden={!hasButtons}>
        <Button variant="default" size="compact-sm" onClick={() => input.current?.click()}>
          Open a picture…
        </Button>
        <SteadyButton isAvailable={!isEmpty} onPress={() => void savePicture(lab, setOutcome)}>
          Save as PNG
        </SteadyButton>
        <input
          ref={input}
          type="file"
          hidden
          aria-label="Picture of a digit"
          accept="image/*"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = ''; // so that choosing the same file again fires a change event
            if (file) void open(file);
          }}
        />
      </div>
      <p role="status" className={styles.news}>
        {outcome.news}
      </p>
      {outcome.problem !== null && <ProblemNotice {...outcome.problem} />}
    </div>
  );
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select') !== null)
  );
}

type Notify = (outcome: Outcome) => void;

async function openPicture(
  lab: Lab,
  file: File,
  notify: Notify,
  isLatest: () => boolean,
): Promise<void> {
  const name = cleanName(file.name) || 'The picture';
  notify({ news: `Reading ${name}…`, problem: null });
  try {
    const { readImage } = await loadReader();
    const pixels = await readImage(file, name);
    if (!isLatest()) return;
    lab.drawing.place(pixels);
    notify({ news: `${name} is on the pad. Pictures stay in this browser.`, problem: null });
  } catch (thrown) {
    if (!isLatest()) return;
    const { message, remedy } = reportError(thrown);
    const problem = { title: `${name} was not opened`, sentences: [message, remedy] };
    notify({ news: '', problem });
  }
}

/** Side of a saved drawing in pixels. */
const savedSide = 560;

async function savePicture(lab: Lab, notify: Notify): Promise<void> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = savedSide;
  const context = paintingContext(canvas);
  const { pad } = lab.store.getState().drawing;
  // Without strokes every pixel becomes a square, so that the picture can be opened again as it is.
  if (context) paintPad(context, savedSide, pad, pad.strokes.length > 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) {
    const sentences = ['The browser could not make a picture of the pad.', 'Try again.'];
    notify({ news: '', problem: { title: 'The drawing was not saved', sentences } });
    return;
  }
  saveFile('digit.png', blob);
  notify(quiet);
}
