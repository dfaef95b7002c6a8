import { piecesPerUnit, type RunConfig } from '../../../domain/settings/config.ts';
import { classCountOf, inputCountOf, standardizationOf } from '../../../domain/dataSet.ts';

/** One name per layer; a network has at most seven. */
const variables = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

/**
 * Four lines of Python that read a weights file of this run and compute its logits. Loading fails if
 * names or shapes differ. For permuted pixels a fifth line reads their order.
 */
export function makePytorchLines(config: RunConfig, fileName: string): string {
  const { hiddenLayers, networkType, loss, permutationSeed, dataSet } = config;
  const inputs = inputCountOf(dataSet);
  const standardization = standardizationOf(dataSet);
  const isPermuted = permutationSeed !== null;
  const pieces = piecesPerUnit(config);
  const linears = [...hiddenLayers.map((units) => units * pieces), classCountOf(dataSet)].map(
    (outputs, l) => `torch.nn.Linear(${l === 0 ? inputs : hiddenLayers[l - 1]!}, ${outputs})`,
  );
  const names = variables.slice(0, linears.length);
  const input = isPermuted ? 'x[:, order]' : 'x';
  const passed = hiddenLayers.reduce(
    (inner, units, l) => `${names[l]!}(${inner})${activate(networkType, units, pieces)}`,
    standardization === null
      ? input
      : `(${input} - ${standardization.mean}) / ${standardization.deviation}`,
  );
  const output = loss === 'bce' ? 'sigmoid()' : 'softmax(-1)';
  return [
    'import torch; from safetensors.torch import load_file',
    `net = torch.nn.ModuleDict({"layers": torch.nn.ModuleList([${linears.join(', ')}])})`,
    `net.load_state_dict(load_file("${fileName}")); ${names.join(', ')}${names.length === 1 ? ',' : ''} = net["layers"]`,
    ...(isPermuted
      ? [
          `import json, safetensors; order = torch.tensor(json.loads(safetensors.safe_open("${fileName}", "pt").metadata()["pixelOrder"]))`,
        ]
      : []),
    `logits = lambda x: ${names.at(-1)!}(${passed})  # x [n, ${inputs}], pixels 0 to 1; probabilities: logits(x).${output}`,
  ].join('\n');
}

function activate(type: RunConfig['networkType'], units: number, pieces: number): string {
  switch (type) {
    case 'logistic':
      return '.sigmoid()';
    case 'tanh':
      return '.tanh()';
    case 'relu':
      return '.relu()';
    case 'maxout':
      return `.unflatten(-1, (${units}, ${pieces})).amax(-1)`;
  }
}
