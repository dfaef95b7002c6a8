/**
 * Tracks the matrices of one backend: which ones are alive, and which ones a scope must free when it ends. Scopes
 * nest; a kept matrix belongs to the enclosing scope.
 */
export class MatrixScope<M extends object> {
  readonly #alive = new Set<M>();
  readonly #open: Set<M>[] = [];
  readonly #release: (matrix: M) => void;

  constructor(release: (matrix: M) => void) {
    this.#release = release;
  }

  get count(): number {
    return this.#alive.size;
  }

  alive(): Iterable<M> {
    return this.#alive;
  }

  add(matrix: M): M {
    this.#alive.add(matrix);
    this.#open.at(-1)?.add(matrix);
    return matrix;
  }

  /** Frees a matrix. @throws Error if it was freed before, which is a bug */
  free(matrix: M): void {
    if (!this.#alive.delete(matrix)) throw new Error('A matrix was freed twice.');
    for (const scope of this.#open) scope.delete(matrix);
    this.#release(matrix);
  }

  /** Frees every matrix that `compute` makes, unless it is kept. `compute` must not be async. */
  run<T>(compute: (keep: (matrix: M) => void) => T): T {
    const made = new Set<M>();
    this.#open.push(made);
    const kept = new Set<M>();
    try {
      return compute((matrix) => kept.add(matrix));
    } finally {
      this.#open.pop();
      for (const matrix of made) {
        if (kept.has(matrix)) this.#open.at(-1)?.add(matrix);
        else this.free(matrix);
      }
    }
  }
}
