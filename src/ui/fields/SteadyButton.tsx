import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

interface SteadyButtonProps {
  readonly isAvailable: boolean;
  readonly size?: 'sm' | 'compact-sm';
  /** Id of the element that says why it is unavailable. */
  readonly describedBy?: string | undefined;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

/** A button that keeps its place and the keyboard's focus when it is unavailable. */
export function SteadyButton({
  isAvailable,
  size = 'compact-sm',
  describedBy,
  onPress,
  children,
}: SteadyButtonProps) {
  return (
    <Button
      variant="default"
      size={size}
      aria-disabled={!isAvailable}
      aria-describedby={describedBy}
      data-disabled={!isAvailable}
      onClick={(event) => {
        if (isAvailable) onPress();
        else event.preventDefault();
      }}
    >
      {children}
    </Button>
  );
}
