import type { ReactNode } from 'react';
import type { Claim } from '../../../domain/reproduction.ts';
import { keepTogether } from '../../../ui/format.ts';
import { CheckIcon, ChevronIcon, CrossIcon } from '../../../ui/icons.tsx';
import styles from './Claims.module.css';
import { sortClaims, splitFound } from './claimTexts.ts';

/** The claims of the abstract with what the runs say of each; those without runs are folded. */
export function ClaimList({ claims }: { readonly claims: readonly Claim[] }) {
  const { judged, notRun } = sortClaims(claims);
  return (
    <div className={styles.claims}>
      {judged.length > 0 && (
        <ul className={styles.list} aria-label="Claims of the abstract">
          {judged.map((claim) => (
            <ClaimLine key={claim.claim} claim={claim} />
          ))}
        </ul>
      )}
      {notRun.length > 0 && (
        <details className={styles.notRun}>
          <summary>
            <Outcome outcome="not run yet" />
            <span className={styles.count}>
              <ChevronIcon />
              {notRun.length} {judged.length > 0 ? 'more ' : ''}
              {notRun.length === 1 ? 'claim' : 'claims'}
            </span>
          </summary>
          <ul className={styles.list} aria-label="Claims that are not run yet">
            {notRun.map(({ claim, found }) => (
              <li key={claim} className={styles.open}>
                {keepTogether(claim)}
                {found !== '' && <span className={styles.figure}>{keepTogether(found)}</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function ClaimLine({ claim: { claim, outcome, found } }: { readonly claim: Claim }) {
  const { figure, rest } = splitFound(found);
  return (
    <li className={styles.claim}>
      <Outcome outcome={outcome} />
      <span>{keepTogether(claim)}</span>
      <div className={styles.figure}>
        {rest === '' ? (
          keepTogether(figure)
        ) : (
          <details>
            <summary>{keepTogether(figure)}</summary>
            <p className={styles.rest}>{keepTogether(rest)}</p>
          </details>
        )}
      </div>
    </li>
  );
}

const symbols: Readonly<Record<Claim['outcome'], ReactNode>> = {
  met: <CheckIcon />,
  missed: <CrossIcon />,
  'not decided': '?',
  'by construction': '=',
  'in progress': '…',
  'not run yet': '–',
};

function Outcome({ outcome }: Pick<Claim, 'outcome'>) {
  return (
    <span className={styles.outcome} data-outcome={outcome}>
      <span className={styles.symbol} aria-hidden="true">
        {symbols[outcome]}
      </span>
      {outcome}
    </span>
  );
}
