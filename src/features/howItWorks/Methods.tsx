import type { ReactNode } from 'react';
import type { InspectedStep } from '../../experiment/inspection/inspectionState.ts';
import type { InspectedMethod } from '../../domain/analysis/stepInspection.ts';
import { DigitImage } from '../../ui/images/DigitImage.tsx';
import { MethodList } from './MethodList.tsx';
import styles from './Methods.module.css';
import { compareMethods, layerName } from './numbers.ts';
import { Bar, Value } from './Value.tsx';
import { Info } from '../../ui/Info.tsx';
import { keepTogether } from '../../ui/format.ts';

/** From the input as it is to the one that is changed most on purpose. */
const order: readonly InspectedMethod[] = ['plain', 'dropout', 'adversarial'];
const names: Readonly<Record<InspectedMethod, string>> = {
  adversarial: 'ABP',
  plain: 'Plain',
  dropout: 'Dropout',
};
const inputs: Readonly<Record<InspectedMethod, string>> = {
  adversarial: 'x̃',
  plain: 'x',
  dropout: 'x with pixels dropped',
};

/** The same step by three methods from the same weights: what each trains on, and the result. */
export function Methods({ step }: { readonly step: InspectedStep }) {
  const { methods, clean, config } = step;
  const layers = methods.plain.gradientNorms.length;
  const norms = order.flatMap((method) => methods[method].gradientNorms);
  const largest = Math.max(...norms, 1e-30);
  const row = (title: string, cell: (method: InspectedMethod) => ReactNode) => (
    <tr key={title}>
      <th scope="row">{title}</th>
      {order.map((method) => (
        <td key={method} data-method={method}>
          {cell(method)}
        </td>
      ))}
    </tr>
  );
  return (
    <div className={styles.methods}>
      <div className={styles.lead}>
        The same step by three methods, from the same weights.{' '}
        <Info label="About the three methods">
          <p>
            Dropout drops each pixel with probability {config.inputDropoutRate} and each hidden unit
            with {config.hiddenDropoutRate}, and scales up the rest; the masks are those of training
            step {(step.step + 1).toLocaleString('en-US')} for the first image of its batch.
          </p>
          <p>
            “Afterwards” is a copy of the network after the step, without dropout. The weights on
            the page stay as they are.
          </p>
        </Info>
      </div>
      <div className={styles.columns}>
        <table className={styles.table}>
          <thead>
            <tr>
              <td />
              {order.map((method) => (
                <th key={method} scope="col">
                  {names[method]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {row('Trains on', (method) => (
              <>
                <span className={styles.input}>
                  <DigitImage
                    pixels={methods[method].input}
                    label={`What the ${method} step trains on`}
                  />
                </span>
                {inputs[method]}
              </>
            ))}
            {row('Loss on it', (method) => (
              <Value value={methods[method].pass.loss} name={`${method} loss`} />
            ))}
            {Array.from({ length: layers }, (_, l) =>
              row(`Weight gradient, ${layerName(l, layers)}`, (method) => {
                const norm = methods[method].gradientNorms[l]!;
                return (
                  <>
                    <Value value={norm} name={`${method} norm ${l}`} />
                    <Bar share={norm / largest} name={`${method} norm ${l}`} />
                  </>
                );
              }),
            )}
            {row('Loss on x afterwards', (method) => (
              <Change
                before={clean.loss}
                beforeName="loss on x"
                after={methods[method].after.clean.loss}
                name={`${method} after x`}
              />
            ))}
            {row('Loss on x̃ afterwards', (method) => (
              <Change
                before={methods.adversarial.pass.loss}
                beforeName="loss on x̃"
                after={methods[method].after.adversarial.loss}
                name={`${method} after x̃`}
              />
            ))}
          </tbody>
        </table>
        <div className={styles.findings}>
          {compareMethods(step).map((sentence) => (
            <p key={sentence}>{keepTogether(sentence)}</p>
          ))}
        </div>
      </div>
      <MethodList config={config} />
    </div>
  );
}

interface ChangeProps {
  readonly before: number;
  readonly beforeName: string;
  readonly after: number;
  readonly name: string;
}

function Change({ before, beforeName, after, name }: ChangeProps) {
  return (
    <>
      <span className={styles.before}>
        <Value value={before} name={beforeName} /> →{' '}
      </span>
      <Value value={after} name={name} />
    </>
  );
}
