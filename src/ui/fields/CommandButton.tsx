import { Button } from '@mantine/core';
import type { MouseEvent, ReactNode } from 'react';
import styles from './CommandButton.module.css';

interface CommandButtonProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly isPrimary?: boolean;
  /** Left out where there is little room; the command must then be somewhere else, too. */
  readonly isSecondary?: boolean;
  /** Keeps its name where other buttons show their icon alone. */
  readonly isAlwaysNamed?: boolean;
  readonly isAvailable: boolean;
  readonly onPress: () => void;
}

/**
 * A button that stays where it is when it has nothing to do: refused by aria-disabled, not by the
 * disabled attribute, so that it keeps the keyboard's focus.
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
