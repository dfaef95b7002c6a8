/** Attack ε of a first visit. PGD of this size fools a plainly trained network on nearly every digit. */
export const initialAttackEpsilon = 0.1;
