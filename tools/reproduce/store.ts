import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod/mini';
import {
  type Recipes,
  recipesSchema,
  type Robustness,
  robustnessSchema,
  type RunResult,
  runResultSchema,
} from '../../src/domain/reproduction.ts';
import { formatText } from '../formatText.ts';
import { replaceFile } from '../replaceFile.ts';
import type { Job } from './jobs.ts';

/** JSON as this repository formats it. */
export function formatJson(value: unknown): Promise<string> {
  return formatText('value.json', JSON.stringify(value));
}

/**
 * Reads a JSON file and validates it.
 *
 * @returns null if there is no such file
 * @throws Error naming the file, the field and what was found
 */
async function readChecked<T>(file: string, schema: z.ZodMiniType<T>): Promise<T | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const reason =
      error instanceof z.core.$ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new Error(`${file} is not valid: ${reason}`, { cause: error });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}

/** The first difference, as “path should be …, found …”; null if there is none. */
function firstDifference(expected: unknown, found: unknown, at = ''): string | null {
  if (!isRecord(expected) || !isRecord(found)) {
    if (Object.is(expected, found)) return null;
    return `${at} should be ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;
  }
  for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const inner = at === '' ? name : `${at}.${name}`;
    const difference = firstDifference(expected[name], found[name], inner);
    if (difference !== null) return difference;
  }
  return null;
}

/**
 * The first difference between two results, ignoring their times, and what was not kept yet when the expected one was
 * written; null if there is none.
 */
export function differenceBetween(expected: RunResult, found: RunResult): string | null {
  const { weights, last, ...rest } = found;
  const { mistakes, ...figures } = last;
  const isMissing = expected.last.mistakes === undefined;
  return firstDifference(expected, {
    ...rest,
    ...(expected.weights !== undefined && { weights }),
    last: { ...figures, ...(!isMissing && { mistakes }) },
    times: expected.times,
  });
}

/** A plan's folder of results: `<id>.json` for the test set, selection/ for the trials, and recipes.json. */
export class Store {
  constructor(readonly folder: string) {}

  #file({ id, config }: Job): string {
    const folders = config.holdOutValidation ? [this.folder, 'selection'] : [this.folder];
    return path.join(...folders, `${id}.json`);
  }

  get recipesFile(): string {
    return path.join(this.folder, 'recipes.json');
  }

  /**
   * The result of a run; null if there is none yet.
   *
   * @throws Error if the file is damaged or belongs to a run with other settings or other data
   */
  async read(job: Job): Promise<RunResult | null> {
    const file = this.#file(job);
    const result = await readChecked(file, runResultSchema);
    if (result === null) return null;
    const attacks = result.last.attacks.map(({ attack }) => attack);
    const difference =
      firstDifference({ id: job.id, ...job.config }, { id: result.id, ...result.config }) ??
      firstDifference({ data: job.data, attacks: job.attacks }, { data: result.data, attacks });
    if (difference === null) return result;
    throw new Error(
      `${file} belongs to another run than the plan’s: ${difference}. Move it away to make the run again.`,
    );
  }

  async write(job: Job, result: RunResult): Promise<void> {
    await replaceFile(this.#file(job), await formatJson(runResultSchema.parse(result)));
  }

  #robustnessFile(runId: string): string {
    return path.join(this.folder, 'robustness', `${runId}.json`);
  }

  /**
   * How robust the network of a run is; null if it was not measured.
   *
   * @throws Error if the file is damaged or about another network than the run's
   */
  async readRobustness({ id, weights }: RunResult): Promise<Robustness | null> {
    const file = this.#robustnessFile(id);
    const found = await readChecked(file, robustnessSchema);
    if (found === null || (found.id === id && found.weights === weights)) return found;
    throw new Error(
      `${file} belongs to another network than that of ${id}. Move it away to measure again.`,
    );
  }

  async writeRobustness(found: Robustness): Promise<void> {
    const text = await formatJson(robustnessSchema.parse(found));
    await replaceFile(this.#robustnessFile(found.id), text);
  }

  /** The chosen recipes; null if none is chosen yet. */
  readRecipes(): Promise<Recipes | null> {
    return readChecked(this.recipesFile, recipesSchema);
  }

  async writeRecipes(recipes: Recipes): Promise<void> {
    await replaceFile(this.recipesFile, await formatJson(recipes));
  }
}

/** The measurements of those runs whose networks were attacked, by run id. */
export async function readAllRobustness(
  store: Store,
  results: ReadonlyMap<string, RunResult>,
): Promise<Map<string, Robustness>> {
  const all = new Map<string, Robustness>();
  for (const result of results.values()) {
    const found = await store.readRobustness(result);
    if (found) all.set(result.id, found);
  }
  return all;
}

/** The results of those jobs that have one, by run id. */
export async function readResults(
  store: Store,
  jobs: readonly Job[],
): Promise<Map<string, RunResult>> {
  const results = new Map<string, RunResult>();
  for (const job of jobs) {
    const result = await store.read(job);
    if (result) results.set(job.id, result);
  }
  return results;
}

/** Runs on the test images that others have replaced, kept because their errors were known when others were made. */
export interface Superseded {
  /** By runs with a recipe from more trials. */
  readonly fewerTrials: readonly RunResult[];
  /** By the same runs with exact signs. */
  readonly roundedSigns: readonly RunResult[];
}

/** @param results the folder of all results, which need not have replaced ones */
export async function readSuperseded(results: string): Promise<Superseded> {
  const folder = path.join(results, 'superseded');
  const readAll = async (reason: string): Promise<RunResult[]> => {
    const files = existsSync(path.join(folder, reason))
      ? await readdir(path.join(folder, reason))
      : [];
    const found: RunResult[] = [];
    for (const name of files.filter((one) => one.endsWith('.json')).toSorted()) {
      found.push((await readChecked(path.join(folder, reason, name), runResultSchema))!);
    }
    return found;
  };
  return {
    fewerTrials: await readAll('fewer-trials'),
    roundedSigns: await readAll('rounded-signs'),
  };
}
