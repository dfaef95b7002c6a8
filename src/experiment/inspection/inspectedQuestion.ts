import { limits } from '../../domain/settings/config.ts';
import { methodUses } from '../../domain/settings/methods.ts';
import { type AnsweringNetwork, answeringNetworks } from '../runs/answering.ts';
import { findSelectedDigit, type FoundDigit } from '../selectedDigit.ts';
import { findConfigs } from '../setup/setup.ts';
import type { LabState } from '../state.ts';

/** The network whose step is inspected, or null if there is none. */
export function inspectedNetwork(
  state: Pick<LabState, 'runs' | 'pretrained' | 'customData' | 'inspection'>,
): AnsweringNetwork | null {
  const networks = answeringNetworks(state);
  return (
    networks.find(({ id }) => id === state.inspection.networkId) ??
    state.runs.find(({ hasNetwork, config }) => hasNetwork && config.method === 'adversarial') ??
    networks[0] ??
    null
  );
}

/** The source of a step's training ε: the run, the experiment's adversarial run, or the setup. */
export type EpsilonOwner = 'run' | 'experiment' | 'setup';

/**
 * The training ε for a network. A run whose method uses one has its own; other runs take that of the experiment's
 * adversarial run; a pretrained network takes the ε of the adversarial run in the next experiment, if the setup
 * is valid.
 */
export function trainingEpsilonOf(
  { runs, setup }: Pick<LabState, 'runs' | 'setup'>,
  { id, config }: Pick<AnsweringNetwork, 'id' | 'config'>,
): { readonly epsilon: number; readonly owner: EpsilonOwner } {
  if (runs.some((run) => run.id === id)) {
    const isOwn = methodUses(config.method, 'epsilon');
    const other = runs.find((run) => run.config.method === 'adversarial');
    return isOwn || other === undefined
      ? { epsilon: config.trainingEpsilon, owner: isOwn ? 'run' : 'experiment' }
      : { epsilon: other.config.trainingEpsilon, owner: 'experiment' };
  }
  const next = findConfigs(setup)?.find(({ method }) => method === 'adversarial');
  return { epsilon: next?.trainingEpsilon ?? config.trainingEpsilon, owner: 'setup' };
}

/** What a step still needs, or null if it is ready. */
export function findMissing(state: LabState): 'network' | 'drawing' | null {
  if (inspectedNetwork(state) === null) return 'network';
  const isDrawing = state.selectedDigit.kind === 'drawing';
  return isDrawing && state.drawing.input === null ? 'drawing' : null;
}

/** The engine's query, or null while something for it is missing. */
export function inspectedQuestion(state: LabState): {
  readonly network: AnsweringNetwork;
  readonly digit: FoundDigit;
  readonly epsilon: number;
} | null {
  const network = inspectedNetwork(state);
  const digit = network && findSelectedDigit(state, network.id);
  if (network === null || digit === null) return null;
  const epsilon = state.inspection.epsilon ?? trainingEpsilonOf(state, network).epsilon;
  const { min, max } = limits.epsilon;
  return { network, digit, epsilon: Math.min(max, Math.max(min, epsilon)) };
}
