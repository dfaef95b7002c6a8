import type { Backend, Matrix } from './backends/backend.ts';

/** Reads the matrices that `compute` returns, all of the same state of the network, and frees what it made. */
export async function readResults<K extends string>(
  backend: Backend,
  compute: () => Readonly<Record<K, Matrix>>,
): Promise<Record<K, Float32Array | Float64Array>> {
  const results = backend.scope((keep) => {
    const found = compute();
    for (const matrix of Object.values<Matrix>(found)) keep(matrix);
    return found;
  });
  try {
    const values = {} as Record<K, Float32Array | Float64Array>;
    for (const name of Object.keys(results) as K[])
      values[name] = await backend.read(results[name]);
    return values;
  } finally {
    backend.free(...new Set(Object.values<Matrix>(results)));
  }
}
