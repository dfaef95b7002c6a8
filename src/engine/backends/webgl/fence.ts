import { LabError } from '../../../domain/errors.ts';
import { nextTask } from '../../../domain/nextTask.ts';

/** Poll in every task for this long before waiting between polls: short steps must not wait for a timer. */
const busyPollMs = 4;
/** A GPU that does not finish two steps or one chunk of images in this time has hung. */
const hangMs = 60_000;

/** The error for a lost WebGL context. */
export function contextLost(): LabError {
  return new LabError(
    'engine-failed',
    'The browser took the WebGL context away: the graphics driver restarted, or memory ran out.',
    'What was learned so far stays on this page. Restart the engine and train again.',
  );
}

/** Waits for the GPU without blocking the thread, and notices when its context is lost. */
export class Fence {
  readonly #gl: WebGL2RenderingContext;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
  }

  /** @throws LabError 'engine-failed' when the context is lost */
  assertNotLost(): void {
    if (this.#gl.isContextLost()) throw contextLost();
  }

  /** Resolves when the GPU has done everything submitted so far. */
  async passed(): Promise<void> {
    const gl = this.#gl;
    this.assertNotLost();
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    this.assertNotLost();
    gl.flush();
    try {
      const start = performance.now();
      for (;;) {
        const status = gl.clientWaitSync(sync!, 0, 0);
        if (status === gl.ALREADY_SIGNALED || status === gl.CONDITION_SATISFIED) return;
        this.assertNotLost();
        if (status === gl.WAIT_FAILED || performance.now() - start > hangMs) {
          throw new LabError(
            'engine-failed',
            'The graphics processor stopped responding.',
            'What was learned so far stays on this page. Restart the engine and train again.',
          );
        }
        // A browser updates the status of a fence only between tasks.
        if (performance.now() - start < busyPollMs) await nextTask();
        else await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } finally {
      gl.deleteSync(sync);
    }
  }
}
