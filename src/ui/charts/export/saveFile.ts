export function saveFile(name: string, content: Blob | string, type = 'text/csv'): void {
  const blob =
    typeof content === 'string' ? new Blob([content], { type: `${type};charset=utf-8` }) : content;
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Browsers read the blob after the click, so it is released a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
