import { TextInput } from '@mantine/core';
import type { KeyboardEvent, ReactNode } from 'react';

interface NumberFieldProps {
  readonly label: string;
  /** What was typed, valid or not. */
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly min: number;
  readonly max: number;
  /** What an arrow key adds or takes away. */
  readonly step: number;
  readonly error?: string | undefined;
  readonly description?: ReactNode;
}

/**
 * A number as text with arrow keys. Not a browser's number input, which hides what it cannot read: what
 * a person typed stays, and the reason why it is refused stands below it.
 */
export function NumberField(props: NumberFieldProps) {
  const { label, text, onChange, min, max, step, error, description } = props;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  const isReadable = Number.isFinite(number);

  function handleKeyDown(event: KeyboardEvent): void {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (direction === undefined || !isReadable || event.ctrlKey || event.metaKey || event.altKey)
      return;
    event.preventDefault();
    const moved = Math.min(max, Math.max(min, number + direction * step));
    onChange(String(Number(moved.toPrecision(12))));
  }

  return (
    <TextInput
      label={label}
      role="spinbutton"
      inputMode="decimal"
      autoComplete="off"
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={handleKeyDown}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={isReadable ? number : min}
      aria-valuetext={text === '' ? 'empty' : text}
      error={error}
      description={description}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
    />
  );
}
