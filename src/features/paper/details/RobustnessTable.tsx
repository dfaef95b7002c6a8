import { useId } from 'react';
import { formatCount, formatErrorRate, keepTogether } from '../../../ui/format.ts';
import type { RowRobustness } from '../paperRows.ts';
import styles from './Details.module.css';
import { describeLeaking, listRobustness, robustnessColumns } from './robustnessRows.ts';

/** How the network of one seed withstands attacks on the first test images, and what is proven of it. */
export function RobustnessTable({ robustness }: { readonly robustness: RowRobustness }) {
  const id = useId();
  const { seed, clean, images } = robustness;
  const whole =
    clean === null ? '' : `, which misclassifies ${formatErrorRate(clean)} without attack`;
  const basis = `Seed ${seed}${whole}: errors on the first ${formatCount(images)} test images under clipped attacks, and the share that is proven safe.`;
  const leaking = describeLeaking(robustness);
  return (
    <>
      <p id={id} className={styles.basis}>
        {keepTogether(basis)}
      </p>
      <div className={styles.frame} tabIndex={0} role="group" aria-label="Robustness">
        <table className={styles.robustness} aria-label="Robustness" aria-describedby={id}>
          <thead>
            <tr>
              {robustnessColumns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {listRobustness(robustness).map(([epsilon, ...cells]) => (
              <tr key={epsilon}>
                <th scope="row">{epsilon}</th>
                {cells.map((cell, index) => (
                  <td key={robustnessColumns[index + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {leaking !== null && <p className={styles.leaking}>{keepTogether(leaking)}</p>}
    </>
  );
}
