// Reads the QR code on the first page of a PDF, as a telephone would.
import { execFileSync } from 'node:child_process';
import jsqr from 'jsqr';

export function readQr(pdf) {
  for (const dpi of [150, 200, 300]) {
    const picture = execFileSync('pdftoppm', ['-r', String(dpi), '-f', '1', '-l', '1', '-gray', pdf], { maxBuffer: 1 << 28 });
    const [head, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(picture.subarray(0, 40).toString('latin1'));
    const grey = picture.subarray(head.length);
    const pixels = new Uint8ClampedArray(Number(width) * Number(height) * 4);
    for (let i = 0; i < grey.length; i++) pixels.fill(grey[i], 4 * i, 4 * i + 3), pixels[4 * i + 3] = 255;
    const found = (jsqr.default ?? jsqr)(pixels, Number(width), Number(height));
    if (found) return found.data;
  }
  throw new Error('no QR code on the first page');
}
