import { Button } from '@mantine/core';
import type { MouseEvent, ReactNode } from 'react';
import styles from './CommandButton.module.css';

interface CommandButtonProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly isPrimary?: boolean;
  /** Left out on narrow screens, so the command must also be available elsewhere. */
  readonly isSecondary?: boolean;
  /** Shows its name even where other buttons show only their icon. */
  readonly isAlwaysNamed?: boolean;
  readonly isAvailable: boolean;
  readonly onPress: () => void;
}

/**
 * A button that stays in place when its command is unavailable: it uses aria-disabled instead of the
 * disabled attribute, so it keeps the keyboard's focus.
 */
export function CommandButton(props: CommandButtonProps) {
  const { label, icon, isPrimary = false, isSecondary = false, isAlwaysNamed = false } = props;
  const { isAvailable, onPress } = props;
  function handleClick(event: MouseEvent): void {
    if (isAvailable) onPress();
    else event.preventDefault();
  }
  return (
    <Button
      className={styles.button}
      data-primary={isPrimary || undefined}
      data-secondary={isSecondary || undefined}
      data-named={isAlwaysNamed || undefined}
      variant={isPrimary ? 'filled' : 'default'}
      leftSection={icon}
      aria-label={label}
      aria-disabled={!isAvailable}
      data-disabled={!isAvailable}
      onClick={handleClick}
    >
      <span className={styles.label}>{label}</span>
    </Button>
  );
}
