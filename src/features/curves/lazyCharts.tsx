import { lazy, Suspense } from 'react';
import type { ChartsProps } from './Charts.tsx';
import styles from './Curves.module.css';

const LazyCharts = lazy(() => import('./Charts.tsx'));

/** The charts, in a part of the site that is loaded after the page works. */
export function Charts(props: ChartsProps) {
  return (
    <Suspense fallback={<p className={styles.empty}>Loading the charts…</p>}>
      <LazyCharts {...props} />
    </Suspense>
  );
}
