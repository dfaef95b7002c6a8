import { ShareButton } from '../features/share/ShareButton.tsx';
import { TourButton } from '../features/tour/TourButton.tsx';
import { paper } from '../domain/published.ts';
import { EngineStatus } from './EngineStatus.tsx';
import styles from './Header.module.css';
import { ThemeButton } from './ThemeButton.tsx';

/** The page's name and purpose, and the engine status. */
export function Header() {
  return (
    <header className={styles.header}>
      <div className={styles.about}>
        <h1 className={styles.name}>Adversarial Gradient Lab</h1>
        <p className={styles.purpose}>
          Train a digit classifier on images nudged to fool it, and watch it become harder to fool.{' '}
          <a href={paper.url} target="_blank" rel="noreferrer">
            Paper: {paper.name}
          </a>
        </p>
      </div>
      <div className={styles.side}>
        <EngineStatus />
        <TourButton />
        <ShareButton />
        <ThemeButton />
      </div>
    </header>
  );
}
