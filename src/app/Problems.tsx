import { Button, CloseButton } from '@mantine/core';
import type { ErrorReport } from '../domain/errors.ts';
import type { Notice } from '../experiment/state.ts';
import { openExperiment } from '../experiment/storage/savedExperiments.ts';
import { useLab, useLabActions } from '../experiment/useLab.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import styles from './Problems.module.css';
import { StorageNotice } from './StorageNotice.tsx';

/** Says what went wrong and what to do about it; the rest of the page stays as it is. */
export function Problems() {
  return (
    <div className={styles.problems}>
      <CurrentProblems />
    </div>
  );
}

function CurrentProblems() {
  const lab = useLabActions();
  const engine = useLab((state) => state.engine);
  const test = useLab((state) => state.data.test);
  // An engine that was chosen by hand and does not start would fail again.
  const isWrongChoice = useLab(
    (state) =>
      state.enginePreference !== 'auto' &&
      state.engine.status === 'failed' &&
      state.engine.error.code === 'engine-unavailable',
  );

  if (engine.status === 'failed') {
    return (
      <ProblemNotice
        title="The engine has stopped"
        code={engine.error.code}
        sentences={describe(engine.error)}
        action={
          isWrongChoice
            ? { label: 'Choose automatically', onPress: () => lab.restartEngine('auto') }
            : { label: 'Restart engine', onPress: () => lab.restartEngine() }
        }
      />
    );
  }
  return (
    <>
      <Notices />
      <StorageNotice />
      {test.status === 'failed' && (
        <ProblemNotice
          title="The test images could not be loaded"
          code={test.error.code}
          sentences={describe(test.error)}
          action={{ label: 'Load again', onPress: () => lab.retryExamples() }}
        />
      )}
      <RunProblems />
    </>
  );
}

/** One notice for each cause that stopped runs, with the names of those runs. */
function RunProblems() {
  const lab = useLabActions();
  const runs = useLab((state) => state.runs);
  const byMessage = new Map<string, { error: ErrorReport; names: string[] }>();
  for (const { status, error, name } of runs) {
    if (status !== 'failed' || error === null) continue;
    const known = byMessage.get(error.message);
    if (known) known.names.push(name);
    else byMessage.set(error.message, { error, names: [name] });
  }
  const canRetry = runs.every(({ status }) => status === 'failed');
  const retry = { label: 'Try again', onPress: () => lab.train() };
  return [...byMessage.values()].map(({ error, names }) => (
    <ProblemNotice
      key={error.message}
      title={`${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} stopped`}
      code={error.code}
      sentences={describe(error)}
      action={canRetry && isAboutData(error) ? retry : undefined}
    />
  ));
}

/** Notices that the user should see: what was replaced, restored or refused. */
function Notices() {
  const lab = useLabActions();
  const notices = useLab((state) => state.notices);
  async function open({ experimentId }: NonNullable<Notice['opens']>): Promise<void> {
    const problem = await openExperiment(lab, experimentId);
    if (problem !== null) lab.notify('kept', [problem.message, problem.remedy]);
  }
  return notices.map(({ id, kind, sentences, opens }) => (
    <div key={id} role="status" className={styles.notice} data-testid="notice" data-kind={kind}>
      <div>
        {/* The problems of a link are a list; other notices are one paragraph. */}
        {(kind === 'link' ? sentences : [sentences.join(' ')]).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {opens && (
          <Button variant="default" size="compact-sm" onClick={() => void open(opens)}>
            {opens.label}
          </Button>
        )}
      </div>
      <CloseButton aria-label="Dismiss" onClick={() => lab.dismissNotice(id)} />
    </div>
  ));
}

function describe({ message, remedy }: ErrorReport): string[] {
  return [message, remedy];
}

function isAboutData({ code }: ErrorReport): boolean {
  return code === 'data-unreachable' || code === 'data-corrupt';
}
