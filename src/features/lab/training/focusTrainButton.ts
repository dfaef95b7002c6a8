/** After a button was pressed that is gone then. */
export function focusTrainButton(): void {
  document.querySelector<HTMLElement>('[data-testid="train"]')?.focus({ preventScroll: true });
}
