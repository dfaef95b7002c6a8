import { Fragment } from 'react';
import type { RunConfig } from '../../domain/settings/config.ts';
import { trainingCost } from '../../domain/cost.ts';
import { methodFacts, methodGroups, trainingMethods } from '../../domain/settings/methods.ts';
import { Info } from '../../ui/Info.tsx';
import styles from './Methods.module.css';

/** Every method of the page, from the plain ones to the strong ones: what a step of it lowers, and what that costs. */
export function MethodList({ config }: { readonly config: RunConfig }) {
  const plain = trainingCost({ ...config, method: 'plain' });
  return (
    <section className={styles.list} aria-label="Every method">
      <div className={styles.lead}>
        Every method, and what a step of it lowers.{' '}
        <Info label="About every method">
          <p>
            J is the loss on the labels, p the outputs. KL(p ‖ q) says how far outputs q are from p:
            for sigmoid outputs the sum over the classes, for softmax one number for all of them.
            The perturbed image x̃ is a constant: no gradient goes through it.
          </p>
          <p>
            Cost: multiply-adds of a step on this network, with {config.pgdSteps} steps of PGD.
            Plain is 1.
          </p>
          <p>
            Weight decay λ goes with any of them: each step first multiplies every weight by 1 − η
            λ, with η the learning rate (Loshchilov and Hutter, arXiv 1711.05101).
          </p>
        </Info>
      </div>
      <table className={styles.rows}>
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col">A step lowers</th>
            <th scope="col">Cost</th>
          </tr>
        </thead>
        <tbody>
          {methodGroups.map((group) => (
            <Fragment key={group}>
              <tr>
                <th scope="rowgroup" colSpan={3} className={styles.group}>
                  {group}
                </th>
              </tr>
              {trainingMethods
                .filter((method) => methodFacts[method].group === group)
                .map((method) => (
                  <tr key={method} data-listed-method={method}>
                    <th scope="row">{methodFacts[method].shortName}</th>
                    <td>{methodFacts[method].objective}</td>
                    <td>{(trainingCost({ ...config, method }) / plain).toFixed(1)}</td>
                  </tr>
                ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}
