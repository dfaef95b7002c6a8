// AssemblyScript, compiled by tools/build/kernels.ts into a relaxed-SIMD and a plain-SIMD build.

export { forward, backward, weightGradient, largestPieces, routeToLargestPieces } from './layers';
export { sgd, momentum, rmsprop, adam } from './elements';
export { addSignedStep, addRandomSigns, addUniformNoise, addProjectedStep } from './elements';
export { addNormalizedStep } from './norms';
export { blend, dropoutMask, multiply, scaleAndShift, scalePixels } from './elements';
export { outputDelta, attackDelta, addScores } from './scores';
export { divergenceDelta, divergenceAttackDelta, addDivergence } from './divergence';
