import { findSoftwareRenderer } from './webgl/softwareRenderer.ts';
import { formatMs, type Timing, timedStep } from './timing.ts';

/** What was found out about WebGL on this machine. */
export type WebGLFinding =
  | { readonly kind: 'unavailable'; readonly why: string }
  /** Rendered in software, which is always slower than SIMD and never timed. */
  | { readonly kind: 'software'; readonly device: string }
  | { readonly kind: 'hardware'; readonly device: string; readonly timing: Timing | null };

/** What was found out about SIMD on this machine; it is timed only if there is something to compare. */
export type SimdFinding =
  | { readonly kind: 'unavailable'; readonly why: string }
  | { readonly kind: 'ready'; readonly timing: Timing | null };

/** The engine to use, if any works, and one or two sentences that say why. */
export interface Decision {
  readonly engine: 'webgl' | 'simd' | null;
  readonly reason: string;
}

/** Losses of the same step that differ by more than this fraction are not rounding. */
const lossTolerance = 0.01;

/**
 * Chooses between the two engines: SIMD if WebGL is missing, rendered in software, wrong or not ready in time; the
 * faster one if both were timed.
 */
export function decideEngine(webgl: WebGLFinding, simd: SimdFinding): Decision {
  if (simd.kind === 'unavailable') return decideWithoutSimd(webgl, simd.why);
  if (webgl.kind === 'unavailable') return { engine: 'simd', reason: webgl.why };
  if (webgl.kind === 'software') {
    return {
      engine: 'simd',
      reason: `No graphics processor was found: ${findSoftwareRenderer(webgl.device) ?? webgl.device} would compute WebGL on the processor, and slower. It was not timed.`,
    };
  }
  return decideByTiming(webgl.device, webgl.timing, simd.timing);
}

function decideWithoutSimd(webgl: WebGLFinding, whyNotSimd: string): Decision {
  if (webgl.kind === 'unavailable') {
    return { engine: null, reason: `WebGL: ${webgl.why} SIMD: ${whyNotSimd}` };
  }
  return { engine: 'webgl', reason: `SIMD cannot compute here. ${whyNotSimd}` };
}

function decideByTiming(device: string, webgl: Timing | null, simd: Timing | null): Decision {
  if (webgl?.kind === 'failed') {
    return { engine: 'simd', reason: `WebGL failed in its test: ${webgl.why}` };
  }
  if (simd?.kind !== 'timed') {
    const why = simd?.kind === 'failed' ? `failed: ${simd.why}` : 'was not ready in its time.';
    return { engine: 'webgl', reason: `A graphics processor is available, and SIMD ${why}` };
  }
  const simdMs = `${formatMs(simd.stepMs)} with SIMD`;
  if (webgl?.kind !== 'timed') {
    const waited = webgl === null ? '' : ` within ${formatMs(webgl.budgetMs)}`;
    return {
      engine: 'simd',
      reason: `WebGL was not ready${waited}, so its speed is unknown; ${timedStep} takes ${simdMs}. WebGL can be chosen by hand.`,
    };
  }
  // Written so that NaN counts as different: it is the loss on devices with half floats only.
  const isRight = Math.abs(webgl.loss - simd.loss) <= lossTolerance * Math.abs(simd.loss);
  if (!isRight) {
    return {
      engine: 'simd',
      reason: `WebGL computes wrongly on ${device}: a loss of ${webgl.loss.toPrecision(4)} where SIMD finds ${simd.loss.toPrecision(4)}.`,
    };
  }
  const webglMs = `${formatMs(webgl.stepMs)} with WebGL`;
  // WebGL wins a tie, because it leaves the processor to the page.
  return webgl.stepMs <= simd.stepMs
    ? {
        engine: 'webgl',
        reason: `The faster one in a short test: ${timedStep} takes ${webglMs}, ${simdMs}.`,
      }
    : {
        engine: 'simd',
        reason: `The faster one in a short test: ${timedStep} takes ${simdMs}, ${webglMs}.`,
      };
}
