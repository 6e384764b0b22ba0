import type { FileType } from "./shared/lists.ts";

type Size = { width: number; height: number };
type Reader = (view: DataView) => Size | null;

/** Larger than any screenshot: the numbers only reserve room on a page. */
const PIXELS_MAX = 100_000;

const png: Reader = (view) => ({ width: view.getUint32(16), height: view.getUint32(20) });
const gif: Reader = (view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) });

/** The frame header comes after segments of any number, each with its length. */
const jpeg: Reader = (view) => {
  for (let at = 2; view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
};

const webp: Reader = (view) => {
  const uint24 = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  switch (view.getUint32(12)) {
    case 0x56503858: // VP8X
      return { width: uint24(24) + 1, height: uint24(27) + 1 };
    case 0x5650384c: {
      // VP8L: two numbers of 14 bits
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 0x56503820: // VP8
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    default:
      return null;
  }
};

const readers: Partial<Record<FileType, Reader>> = {
  "image/png": png,
  "image/gif": gif,
  "image/jpeg": jpeg,
  "image/webp": webp,
};

/** An image's size in pixels as its header says, or null when the header is cut off or says nonsense. Pure. */
export function imageSize(type: FileType, bytes: Uint8Array): Size | null {
  try {
    const size = readers[type]?.(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)) ?? null;
    const isSane = size && [size.width, size.height].every((side) => side > 0 && side <= PIXELS_MAX);
    return isSane ? size : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
