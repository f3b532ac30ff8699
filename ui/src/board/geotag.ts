/** Where a picture was taken, as cameras and phones write it into JPEG files: found, and taken out. Nothing else is changed. */

const [SOI, APP1, SOS] = [0xffd8, 0xffe1, 0xffda];
const [GPS, TAG_BYTES, HEAD_BYTES] = [0x8825, 12, 8];
const SIZES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8 };
const HEADERS_MAX = 1 << 20; // what is read of a file: places stand at its beginning

/** Whether a file tells where it was taken; false for what is no JPEG, or broken. */
export async function hasPlace(file: Blob): Promise<boolean> {
  return cleared(await beginning(file)) !== null;
}

/** The same picture without the place where it was taken; one that does not tell is given back as it is. */
export async function withoutPlace(file: Blob): Promise<Blob> {
  const bytes = await beginning(file);
  const parts = cleared(bytes);
  return parts ? new Blob([...parts, file.slice(bytes.length)], { type: file.type }) : file;
}

async function beginning(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.slice(0, HEADERS_MAX).arrayBuffer());
}

/** The bytes without any place, as parts; null if there is none in them. */
function cleared(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let [at, from, isFound] = [2, 0, false];
  try {
    if (view.getUint16(0) !== SOI) return null;
    for (; view.getUint16(at) !== SOS && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
      if (view.getUint16(at) !== APP1) continue;
      const [start, end] = [at + 4, at + 2 + view.getUint16(at + 2)];
      const words = text(bytes, start, Math.min(end, bytes.length));
      if (words.startsWith("Exif\0\0")) isFound = clearTiff(bytes, start + 6, end) || isFound;
      else if (/^http:\/\/ns\.adobe\.com\/.*GPSL(?:at|ong)itude/s.test(words)) {
        parts.push(bytes.subarray(from, at)); // a second description, in words: left out
        [from, isFound] = [end, true];
      }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // cut off or broken: what was found by then counts
  }
  return isFound ? [...parts, bytes.subarray(from)] : null;
}

function text(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder("latin1").decode(bytes.subarray(start, end));
}

/** Overwrite what a TIFF block in a file says of a place; false if it says nothing. */
function clearTiff(bytes: Uint8Array<ArrayBuffer>, start: number, end: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
  const isLittle = view.getUint16(0) === 0x4949;
  let isFound = false;
  for (const entry of entries(view, view.getUint32(4, isLittle), isLittle)) {
    if (view.getUint16(entry, isLittle) === GPS) isFound = clearPlace(view, view.getUint32(entry + HEAD_BYTES, isLittle), isLittle) || isFound;
  }
  return isFound;
}

/** Overwrite all that a directory holds, with the values that stand elsewhere, and let it be empty. */
function clearPlace(view: DataView, directory: number, isLittle: boolean): boolean {
  const all = entries(view, directory, isLittle);
  let isFound = false;
  for (const entry of all) {
    isFound ||= view.getUint16(entry, isLittle) > 0; // 0 is the directory's own version
    const bytes = (SIZES[view.getUint16(entry + 2, isLittle)] ?? 1) * view.getUint32(entry + 4, isLittle);
    if (bytes > 4) clear(view, view.getUint32(entry + HEAD_BYTES, isLittle), bytes);
  }
  if (!isFound) return false;
  clear(view, directory, 2 + all.length * TAG_BYTES);
  return true;
}

function clear(view: DataView, at: number, count: number): void {
  const end = Math.min(at + count, view.byteLength);
  for (let place = at; place < end; place++) view.setUint8(place, 0);
}

function entries(view: DataView, directory: number, isLittle: boolean): number[] {
  const count = view.getUint16(directory, isLittle);
  return Array.from({ length: count }, (_, place) => directory + 2 + place * TAG_BYTES);
}
