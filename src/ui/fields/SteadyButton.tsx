import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

interface SteadyButtonProps {
  readonly isAvailable: boolean;
  readonly size?: 'sm' | 'compact-sm';
  /** Id of the element that says why it is unavailable. */
  readonly describedBy?: string | undefined;
  /** For a button that shows and hides something. */
  readonly isExpanded?: boolean | undefined;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

/** A button that keeps its place and the keyboard's focus when it is unavailable. */
export function SteadyButton({
  isAvailable,
  size = 'compact-sm',
  describedBy,
  isExpanded,
  onPress,
  children,
}: SteadyButtonProps) {
  return (
    <Button
      variant="default"
      size={size}
      aria-disabled={!isAvailable}
      aria-describedby={describedBy}
      aria-expanded={isExpanded}
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
