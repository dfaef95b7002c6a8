import type { ErrorReport } from '../shared/errors.ts';
import { useLab, useLabActions } from '../lab/useLab.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';

/** What went wrong and what to do about it; the rest of the page stays as it is. */
export function Problems() {
  const lab = useLabActions();
  const engine = useLab((state) => state.engine);
  const test = useLab((state) => state.data.test);
  const runError = useLab(({ run }) => (run?.status === 'failed' ? run.error : null));

  if (engine.status === 'failed') {
    return (
      <ProblemNotice
        title="The engine has stopped"
        sentences={describe(engine.error)}
        action={{ label: 'Restart engine', onPress: () => lab.restartEngine() }}
      />
    );
  }
  const retryRun = { label: 'Try again', onPress: () => lab.train() };
  return (
    <>
      {test.status === 'failed' && (
        <ProblemNotice
          title="The test images could not be loaded"
          sentences={describe(test.error)}
          action={{ label: 'Load again', onPress: () => lab.retryExamples() }}
        />
      )}
      {runError !== null && (
        <ProblemNotice
          title="The run has stopped"
          sentences={describe(runError)}
          action={isAboutData(runError) ? retryRun : undefined}
        />
      )}
    </>
  );
}

function describe({ message, remedy }: ErrorReport): string[] {
  return [message, remedy];
}

function isAboutData({ code }: ErrorReport): boolean {
  return code === 'data-unreachable' || code === 'data-corrupt';
}
