import path from 'node:path';
import { replaceFile } from '../../replaceFile.ts';
import { writeDocument } from './document.ts';
import { type AllFindings, summaryOf } from '../plans/studies.ts';
import { formatJson } from '../store.ts';

/** The contents of the files that are made from the results. */
export async function publishedFiles(
  findings: AllFindings,
): Promise<{ summary: string; document: string }> {
  return {
    summary: await formatJson(summaryOf(findings)),
    document: await writeDocument(findings),
  };
}

/** Writes summary.json into the results folder, and the document. */
export async function publish(
  findings: AllFindings,
  results: string,
  documentFile: string,
): Promise<void> {
  const { summary, document } = await publishedFiles(findings);
  await replaceFile(path.join(results, 'summary.json'), summary);
  await replaceFile(documentFile, document);
}
