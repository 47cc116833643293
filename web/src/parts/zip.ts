// Files as one ZIP, stored as they are: what is packed here is a few small texts.
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

const crc32 = (bytes: Uint8Array): number => ~bytes.reduce((c, b) => TABLE[(c ^ b) & 255]! ^ (c >>> 8), -1) >>> 0;

/** Little-endian fields of 2 or 4 bytes. */
function fields(...list: Array<[size: 2 | 4, value: number]>): Uint8Array {
  const out = new DataView(new ArrayBuffer(list.reduce((n, [size]) => n + size, 0)));
  let at = 0;
  for (const [size, value] of list) {
    if (size === 2) out.setUint16(at, value, true);
    else out.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(out.buffer);
}

const UTF8_NAMES = 0x0800;
const DAY_ONE = 0x21; // 1980-01-01: the same files make the same bytes

export function zipOf(files: Array<[name: string, text: string]>): Blob {
  const coder = new TextEncoder();
  const parts: Uint8Array[] = [], central: Uint8Array[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const path = coder.encode(name), data = coder.encode(text);
    const about: Array<[2 | 4, number]> = [[2, 20], [2, UTF8_NAMES], [2, 0], [2, 0], [2, DAY_ONE], [4, crc32(data)], [4, data.length], [4, data.length], [2, path.length], [2, 0]];
    const head = fields([4, 0x04034b50], ...about);
    parts.push(head, path, data);
    central.push(fields([4, 0x02014b50], [2, 20], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), path);
    offset += head.length + path.length + data.length;
  }
  const size = central.reduce((n, p) => n + p.length, 0);
  const end = fields([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, offset], [2, 0]);
  return new Blob([...parts, ...central, end] as BlobPart[], { type: "application/zip" });
}
