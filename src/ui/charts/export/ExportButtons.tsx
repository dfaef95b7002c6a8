import { Button } from '@mantine/core';
import { type RefObject, useState } from 'react';
import type { Picture } from './exportLayout.ts';
import { renderPng } from './exportPng.ts';
import { saveFile } from './saveFile.ts';

/** Spreadsheets read a CSV file without it in an encoding of their own, which garbles ε. */
const byteOrderMark = '\uFEFF';

interface ExportButtonsProps extends Pick<Picture, 'title' | 'notes'> {
  readonly fileName: string;
  readonly makeCsv: () => string;
  /** The element with the charts, or null while a table is shown instead. */
  readonly root: RefObject<HTMLElement | null>;
  readonly canDraw: boolean;
}

/** Saves the numbers as CSV or the charts as PNG. */
export function ExportButtons(props: ExportButtonsProps) {
  const { fileName, makeCsv, root, canDraw, title, notes } = props;
  const [problem, setProblem] = useState<string | null>(null);

  function savePicture(): void {
    if (root.current === null) return;
    renderPng(root.current, { title, notes }).then(
      (blob) => {
        setProblem(null);
        saveFile(`${fileName}.png`, blob);
      },
      (thrown: unknown) => setProblem(thrown instanceof Error ? thrown.message : String(thrown)),
    );
  }

  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => saveFile(`${fileName}.csv`, `${byteOrderMark}${makeCsv()}`)}
      >
        Save CSV
      </Button>
      {canDraw && (
        <Button variant="subtle" size="compact-sm" onClick={savePicture}>
          Save PNG
        </Button>
      )}
      {problem !== null && <span role="alert">The picture was not saved. {problem}</span>}
    </>
  );
}
