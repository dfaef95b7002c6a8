import { Button } from '@mantine/core';
import type { ErrorCode, ErrorReport } from '../domain/errors.ts';
import styles from './ProblemNotice.module.css';

interface ProblemNoticeProps {
  readonly title: string;
  /** The kind of error, if it is known. */
  readonly code?: ErrorCode | undefined;
  /** What failed, and what to do about it. */
  readonly sentences: readonly string[];
  /** Name of a button, and what it does. */
  readonly action?: { readonly label: string; readonly onPress: () => void } | undefined;
}

/** Says what went wrong and how to continue. */
export function ProblemNotice({ title, code, sentences, action }: ProblemNoticeProps) {
  return (
    <div role="alert" className={styles.notice} data-code={code}>
      <strong className={styles.title}>{title}</strong>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {action && (
        <Button variant="default" onClick={action.onPress}>
          {action.label}
        </Button>
      )}
    </div>
  );
}

interface ErrorNoticeProps extends Pick<ProblemNoticeProps, 'title' | 'action'> {
  readonly error: ErrorReport | null;
}

/** The notice of an error, if there is one. */
export function ErrorNotice({ title, error, action }: ErrorNoticeProps) {
  if (error === null) return null;
  return <ProblemNotice title={title} sentences={[error.message, error.remedy]} action={action} />;
}
