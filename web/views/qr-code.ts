import { html, raw } from 'hono/html';
import newCode from 'qrcode-generator';
import type { Html } from './html.ts';

/** White around it, in modules (ISO/IEC 18004): without it a telephone does not find the code. */
const QUIET = 4;

/** A text as a QR code: one path of squares, black on white in every theme, as cameras want it. */
export function qrCode(text: string, name: string): Html {
  const code = newCode(0, 'M');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const squares: string[] = [];
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      if (code.isDark(row, column)) squares.push(`M${column + QUIET} ${row + QUIET}h1v1h-1z`);
  const side = size + 2 * QUIET;
  // Digits and letters that we wrote; an attribute is quoted, so `raw` only spares the escaping of some thousand signs.
  return html`<svg
    class="qr-code"
    viewBox="0 0 ${side} ${side}"
    role="img"
    aria-label="${name}"
    shape-rendering="crispEdges"
  >
    <rect width="${side}" height="${side}" fill="#fff" />
    <path d="${raw(squares.join(''))}" fill="#000" />
  </svg>`;
}
