import { afterEach, describe, expect, it, vi } from 'vitest';
import { readKernels } from '../../../../tools/train/readKernels.ts';
import { compileKernels } from './kernels.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const isRelaxed = (url: URL): boolean => url.href.endsWith('relaxed.wasm');
const page = new TextEncoder().encode('<!doctype html><title>Not found</title>');

describe('compileKernels', () => {
  it('prefers relaxed SIMD', async () => {
    expect((await compileKernels(readKernels)).build).toBe('relaxed');
  });

  it.each<[string, (url: URL) => Promise<Uint8Array<ArrayBuffer>>]>([
    ['is missing', () => Promise.reject(new Error('404'))],
    ['is a web page', () => Promise.resolve(page)],
    ['is cut short', async (url) => (await readKernels(url)).slice(0, 1000)],
  ])('takes plain SIMD if the file for relaxed SIMD %s', async (_, readRelaxed) => {
    const { build } = await compileKernels((url) =>
      isRelaxed(url) ? readRelaxed(url) : readKernels(url),
    );
    expect(build).toBe('plain');
  });

  it('does not ask for what the machine cannot run', async () => {
    const validate = WebAssembly.validate.bind(WebAssembly);
    // As a browser without relaxed SIMD: its instructions start at 0xfd 0x80 0x02.
    vi.spyOn(WebAssembly, 'validate').mockImplementation(
      (bytes) =>
        !Buffer.from(bytes as Uint8Array).includes(Buffer.from('fd8002', 'hex')) && validate(bytes),
    );
    const read = vi.fn(readKernels);
    expect((await compileKernels(read)).build).toBe('plain');
    expect(read.mock.calls.some(([url]) => isRelaxed(url))).toBe(false);
  });

  it('says what is wrong with the files', async () => {
    await expect(compileKernels(() => Promise.resolve(page))).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringMatching(/plain\.wasm is a web page/) as string,
    });
    await expect(
      compileKernels(async (url) => (await readKernels(url)).slice(0, 1000)),
    ).rejects.toMatchObject({ message: expect.stringContaining('are damaged') as string });
  });

  it('says that there are no SIMD instructions only where there are none', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    await expect(compileKernels(readKernels)).rejects.toMatchObject({
      message: expect.stringContaining('no SIMD instructions') as string,
    });
  });

  it('says that WebAssembly is switched off', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    await expect(compileKernels(readKernels)).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringContaining('switched off') as string,
    });
  });
});
