import type { Backend, Matrix } from '../engine/backends/backend.ts';
import type { Network } from '../engine/network.ts';

/**
 * A copy of a network at one step, which can be queried while training continues. Its memory is freed once it is
 * released and no query uses it any more.
 */
export class NetworkSnapshot {
  /** Weight updates before the copy. */
  readonly step: number;
  readonly network: Network;
  readonly #backend: Backend;
  #users = 0;
  #isReleased = false;

  /** Copies the network in its present state, between two steps. */
  constructor(backend: Backend, network: Network, step: number) {
    this.#backend = backend;
    this.step = step;
    const copy = (matrix: Matrix): Matrix => backend.blend(1, matrix, 0, matrix);
    this.network = backend.scope((keep) => ({
      ...network,
      layers: network.layers.map((layer) => ({
        ...layer,
        parameters: keep(copy(layer.parameters)),
      })),
    }));
  }

  /** Runs a task on the copy; its memory stays until the task is done. */
  async use<T>(task: (network: Network) => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await task(this.network);
    } finally {
      this.#users--;
      this.#freeIfDone();
    }
  }

  /** Ends queries; called once. */
  release(): void {
    this.#isReleased = true;
    this.#freeIfDone();
  }

  #freeIfDone(): void {
    if (!this.#isReleased || this.#users > 0) return;
    this.#backend.free(...this.network.layers.map(({ parameters }) => parameters));
  }
}
