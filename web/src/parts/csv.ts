// Rows as a CSV file that a spreadsheet opens as it is meant: UTF-8 with a mark, and no cell that would run as a formula.
const RISKY = /^[=+\-@\t\r]/;

const cell = (text: string): string => `"${(RISKY.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text).replaceAll('"', '""')}"`;

export const csvOf = (rows: string[][]): string => `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;

export function saveFile(name: string, content: string | Blob, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const a = document.createElement("a");
  a.href = url;
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
