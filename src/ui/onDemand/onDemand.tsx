import { type ComponentType, type FunctionComponent, useEffect, useRef, useState } from 'react';
import { LabError } from '../../domain/errors.ts';
import { nextTask } from '../../domain/nextTask.ts';
import { ProblemNotice } from '../ProblemNotice.tsx';
import styles from './OnDemand.module.css';
import { reloadStyles } from './reloadStyles.ts';

/** A part of the page whose code is loaded when it is first shown, or before. */
export interface OnDemand<Props> extends FunctionComponent<Props> {
  /** Loads its code. Rejects if that fails; it is tried again when the part is shown. */
  readonly preload: () => Promise<void>;
}

interface Options {
  /** Whether `preloadParts` loads it before it is asked for; true by default. */
  readonly isPreloaded?: boolean;
  /** What it stands in for while it loads: a panel of the page, which needs room, or something that floats above it. */
  readonly kind?: 'panel' | 'floating';
}

/** Parts that `preloadParts` loads, in the order of their definition. */
const parts: (() => Promise<void>)[] = [];

/**
 * Makes a component of one whose code is loaded on demand. React.lazy would remember a failure for ever; here, a button
 * sends another request.
 *
 * @param name as the user knows it
 */
export function onDemand<Props extends object = object>(
  name: string,
  load: () => Promise<ComponentType<Props>>,
  { isPreloaded = true, kind = 'panel' }: Options = {},
): OnDemand<Props> {
  const loaded: { content: ComponentType<Props> | null } = { content: null };
  const preload = async (): Promise<void> => {
    if (loaded.content !== null) return;
    const [content] = await Promise.all([load(), import('./mantine.css')]);
    loaded.content = content;
  };

  function Part(props: Props) {
    const [Content, setContent] = useState<ComponentType<Props> | null>(() => loaded.content);
    const [hasFailed, setFailed] = useState(false);
    const [attempt, setAttempt] = useState(0);
    const place = useRef<HTMLDivElement>(null);
    useEffect(() => {
      let isWanted = true;
      // Its requests are a task of their own, so that they do not lengthen the one that renders.
      const loading = (attempt === 0 ? nextTask() : reloadStyles()).then(preload);
      loading.then(
        () => isWanted && setContent(() => loaded.content),
        () => isWanted && setFailed(true),
      );
      return () => {
        isWanted = false;
      };
    }, [attempt]);
    if (Content !== null) return <Content {...props} />;
    if (!hasFailed) {
      if (kind === 'floating') return null;
      return (
        <p className={styles.waiting} data-kind={kind} role="status">
          Loading {name}…
        </p>
      );
    }
    return (
      <div ref={place} className={styles.failure} data-kind={kind}>
        <ProblemNotice
          title={`${name} could not be loaded`}
          sentences={[
            'Its code could not be loaded: the connection was lost, or the page has been updated since you opened it.',
            'Try again; if that does not help, reload the page. Trained networks are saved.',
          ]}
          action={{
            label: 'Try again',
            onPress: () => {
              setFailed(false);
              setAttempt(attempt + 1);
              // The button disappears; the focus stays in the dialog or the place that it is in.
              const around = place.current?.parentElement?.closest<HTMLElement>('[tabindex="-1"]');
              around?.focus({ preventScroll: true });
            },
          }}
        />
      </div>
    );
  }

  if (isPreloaded) parts.push(preload);
  return Object.assign(Part, { preload });
}

/**
 * Code that is no component, loaded when it is first needed, or before by `preloadParts`.
 *
 * @param what it does, as the subject of "could not be loaded"
 * @returns a function that rejects with a LabError if the code does not arrive, and may be called again
 */
export function codeOnDemand<T>(what: string, load: () => Promise<T>): () => Promise<T> {
  const get = async (): Promise<T> => {
    try {
      return await load();
    } catch (cause) {
      throw new LabError(
        'data-unreachable',
        `${what} could not be loaded: the connection was lost, or the page has been updated since you opened it.`,
        'Try again; if that does not help, reload the page. Trained networks are saved.',
        { cause },
      );
    }
  };
  parts.push(async () => void (await get()));
  return get;
}

/**
 * Loads the code of the parts that a press may show next, one after the other.
 *
 * @param idle waits until the page has nothing else to do, but not for ever
 */
export async function preloadParts(idle: () => Promise<void>): Promise<void> {
  for (const preload of parts) {
    await idle();
    await preload().catch(() => undefined); // the part says so if it is asked for
  }
}
