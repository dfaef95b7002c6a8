import { TextInput } from '@mantine/core';
import type { KeyboardEvent, ReactNode } from 'react';
import { type NumberKind, readNumber } from '../../domain/settings/numberText.ts';

interface NumberFieldProps {
  readonly label: string;
  /** The typed text, valid or not. */
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly kind: NumberKind;
  readonly min: number;
  readonly max: number;
  /** The amount that an arrow key adds or subtracts. */
  readonly step: number;
  /** What is wrong with it, or that something is, which is said elsewhere. */
  readonly error?: string | boolean | undefined;
  readonly description?: ReactNode;
}

/**
 * A number as text, with arrow keys. Not the browser's number input, which hides text that it cannot read: here
 * invalid text stays, with the reason below it. On blur or Enter, `0,25` or `8/255` becomes the number.
 */
export function NumberField(props: NumberFieldProps) {
  const { label, text, onChange, kind, min, max, step, error, description } = props;
  const number = readNumber(text, kind);
  const isReadable = Number.isFinite(number);

  function showNumber(): void {
    if (isReadable && String(number) !== text) onChange(String(number));
  }

  function handleKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter') showNumber();
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
      onBlur={showNumber}
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
