import { lazy, Suspense } from 'react';
import type { ChartsProps } from './Charts.tsx';
import styles from './Curves.module.css';

const load = () => import('./Charts.tsx');
const LazyCharts = lazy(load);

/** Fetches the chart library while the page idles, so that the first curve need not wait for it. */
export function preloadCharts(): void {
  void load().catch(() => undefined); // a failure shows when the charts are drawn
}

/** The charts, in a part of the site that is loaded after the page works. */
export function Charts(props: ChartsProps) {
  return (
    <Suspense fallback={<p className={styles.empty}>Loading the charts…</p>}>
      <LazyCharts {...props} />
    </Suspense>
  );
}
