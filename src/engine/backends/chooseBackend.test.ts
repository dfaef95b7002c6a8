import { describe, expect, it, vi } from 'vitest';
import { LabError } from '../../domain/errors.ts';
import { type BackendMakers, chooseBackend } from './chooseBackend.ts';
import { Float64Backend } from './float64/backend.ts';

class FakeBackend extends Float64Backend {
  override readonly description;
  override readonly dispose = vi.fn();

  constructor(name: string, isSoftware: boolean) {
    super();
    this.description = { name, device: `${name} device`, isSoftware, isFloat32: true };
  }
}

/** Both engines of a machine; `times` are milliseconds a step. */
function setUp(options: {
  webgl: 'hardware' | 'software' | 'missing';
  simd: 'ready' | 'missing';
  times?: Readonly<Record<string, number>>;
}) {
  const webgl = new FakeBackend('WebGL', options.webgl === 'software');
  const simd = new FakeBackend('SIMD', false);
  const refuse = (what: string) => new LabError('engine-unavailable', `No ${what}.`, 'Get one.');
  const time = vi.fn<BackendMakers['time']>((backend) =>
    Promise.resolve({
      kind: 'timed',
      stepMs: options.times?.[backend.description.name] ?? NaN,
      loss: 7,
    }),
  );
  const makers = {
    createWebGL: () => {
      if (options.webgl === 'missing') throw refuse('WebGL');
      return webgl;
    },
    createSimd: () =>
      options.simd === 'missing' ? Promise.reject(refuse('SIMD')) : Promise.resolve(simd),
    time,
  };
  return { webgl, simd, time, choose: () => chooseBackend(makers) };
}

describe('chooseBackend', () => {
  it.each([
    ['WebGL', { WebGL: 2, SIMD: 5 }],
    ['SIMD', { WebGL: 9, SIMD: 5 }],
  ])('chooses %s if it is faster, and disposes of the other', async (name, times) => {
    const { webgl, simd, choose } = setUp({ webgl: 'hardware', simd: 'ready', times });
    const { backend, reason } = await choose();
    expect(backend.description.name).toBe(name);
    expect(reason).toContain('5.0 ms with SIMD');
    expect(webgl.dispose).toHaveBeenCalledTimes(name === 'WebGL' ? 0 : 1);
    expect(simd.dispose).toHaveBeenCalledTimes(name === 'SIMD' ? 0 : 1);
  });

  it('times SIMD once more if its first time was spent on compilation', async () => {
    const times = { WebGL: 9, SIMD: 5 };
    const { simd, time, choose } = setUp({ webgl: 'hardware', simd: 'ready', times });
    time.mockResolvedValueOnce({ kind: 'slow', budgetMs: 2000 });
    expect((await choose()).backend).toBe(simd);
    expect(time.mock.calls.map(([backend]) => backend.description.name)).toEqual([
      'SIMD',
      'SIMD',
      'WebGL',
    ]);
  });

  it('gives SIMD time to compile, as WebKit does in up to 1.5 s', async () => {
    const { simd, time, choose } = setUp({ webgl: 'hardware', simd: 'ready' });
    await choose();
    const limits = time.mock.calls.find(([backend]) => backend === simd)![1];
    expect(limits!.warmUpMs).toBeGreaterThan(1500);
  });

  it('never times WebGL rendered in software', async () => {
    const { webgl, simd, time, choose } = setUp({ webgl: 'software', simd: 'ready' });
    expect((await choose()).backend).toBe(simd);
    expect(time).not.toHaveBeenCalled();
    expect(webgl.dispose).toHaveBeenCalledOnce();
  });

  it('takes the only engine that starts, without timing it', async () => {
    const noWebGL = setUp({ webgl: 'missing', simd: 'ready' });
    expect(await noWebGL.choose()).toEqual({ backend: noWebGL.simd, reason: 'No WebGL.' });
    const noSimd = setUp({ webgl: 'software', simd: 'missing' });
    expect((await noSimd.choose()).backend).toBe(noSimd.webgl);
    expect(noSimd.webgl.dispose).not.toHaveBeenCalled();
    for (const { time } of [noWebGL, noSimd]) expect(time).not.toHaveBeenCalled();
  });

  it('gives both reasons if neither works', async () => {
    const { choose } = setUp({ webgl: 'missing', simd: 'missing' });
    await expect(choose()).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: 'No engine works here. WebGL: No WebGL. SIMD: No SIMD.',
    });
  });
});
