import { LabError } from '../../../shared/errors.ts';
import { nextTask } from '../../nextTask.ts';

/** How long to poll in every task before resting between polls: short steps must not wait for a timer. */
const busyPollMs = 4;

/** Waits for the GPU without blocking the thread, and notices when its context is lost. */
export class Fence {
  readonly #gl: WebGL2RenderingContext;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
  }

  /** @throws LabError 'engine-failed' when the context is lost */
  assertNotLost(): void {
    if (this.#gl.isContextLost()) {
      throw new LabError(
        'engine-failed',
        'The browser took the WebGL context away: the graphics driver restarted, or memory ran out.',
        'What was learnt so far stays on this page. Restart the engine and train again.',
      );
    }
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
        // A browser updates the status of a fence only between tasks.
        if (performance.now() - start < busyPollMs) await nextTask();
        else await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } finally {
      gl.deleteSync(sync);
    }
  }
}
