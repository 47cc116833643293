// A QR code as a picture.
import { qrModules } from "./qr";

const QUIET = 4; // modules of white around it

/** Nothing when the text is too long for one. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const rows = qrModules(text);
  if (!rows) return null;
  const size = rows.length + 2 * QUIET;
  const dark = rows.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : []))).join("");
  return <svg viewBox={`0 0 ${size} ${size}`} className="qr" role="img" aria-label={label}><path d={dark} /></svg>;
}
