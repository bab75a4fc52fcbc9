// Files made or fetched by the console.

export function download(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A cell that a spreadsheet would take for a formula is kept a text; quotes as RFC 4180 wants. */
function csv_cell(value: string | number, guarded: boolean): string {
  const text = String(value);
  const safe = guarded && /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** UTF-8 with a mark, so that Excel reads it as such. guarded: for people; not for what is handed in again. */
export function csv(rows: (string | number)[][], guarded = true): Blob {
  const lines = rows.map((row) => row.map((cell) => csv_cell(cell, guarded)).join(','));
  return new Blob(['\uFEFF', lines.join('\r\n'), '\r\n'], { type: 'text/csv;charset=utf-8' });
}
