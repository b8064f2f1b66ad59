import encodeQR from 'qr';

/** Quiet zone around the code, in modules: readers want four (ISO/IEC 18004 §9.1). */
const borderModules = 4;

/** The dark modules as one SVG path, a rectangle per run. */
export const qrOf = (content: string): { readonly size: number; readonly path: string } => {
  const rows = encodeQR(content, 'raw', { ecc: 'low', border: borderModules });
  let path = '';
  rows.forEach((row, y) => {
    let start: number | undefined;
    for (let x = 0; x <= row.length; x++) {
      const isDark = row[x] === true;
      if (isDark) {
        start ??= x;
      } else if (start !== undefined) {
        path += `M${start} ${y}h${x - start}v1h${start - x}z`;
        start = undefined;
      }
    }
  });
  return { size: rows.length, path };
};
