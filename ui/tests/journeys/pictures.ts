/** Small pictures for journeys, made here. */
import { randomBytes } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";
import type { JSHandle, Page } from "playwright-core";

/** A PNG of one colour. */
export function png(width: number, height: number, [red, green, blue]: [number, number, number]): Buffer {
  return drawn(width, height, () => Buffer.alloc(width * 3, Buffer.of(red, green, blue)));
}

function drawn(width: number, height: number, line: () => Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const lines = Buffer.concat(Array.from({ length: height }, () => Buffer.concat([Buffer.of(0), line()])));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(lines)), chunk("IEND", Buffer.alloc(0))]);
}

/** A PNG of noise, which is as large as its pixels. */
export function noise(width: number, height: number): Buffer {
  return drawn(width, height, () => randomBytes(width * 3));
}

function chunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** What a phone writes of the place, as a JPEG's segment: orientation 1, 52° 30′ north, 13° 24′ east. */
export function placeSegment(): Buffer {
  const tiff = Buffer.alloc(162);
  tiff.write("II*\0", 0, "latin1");
  tiff.writeUInt32LE(8, 4);
  entries(tiff, 8, [[0x0112, 3, 1, 1], [0x8825, 4, 1, 38]]);
  entries(tiff, 38, [[0, 1, 4, 0x302], [1, 2, 2, 0x4e], [2, 5, 3, 114], [3, 2, 2, 0x45], [4, 5, 3, 138]]);
  [52, 1, 30, 1, 0, 1, 13, 1, 24, 1, 0, 1].forEach((number, at) => tiff.writeUInt32LE(number, 114 + 4 * at));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(2 + 6 + tiff.length);
  return Buffer.concat([Buffer.of(0xff, 0xe1), length, Buffer.from("Exif\0\0", "latin1"), tiff]);
}

function entries(tiff: Buffer, at: number, all: [number, number, number, number][]): void {
  tiff.writeUInt16LE(all.length, at);
  all.forEach(([tag, type, count, value], place) => {
    tiff.writeUInt16LE(tag, at + 2 + 12 * place);
    tiff.writeUInt16LE(type, at + 4 + 12 * place);
    tiff.writeUInt32LE(count, at + 6 + 12 * place);
    tiff.writeUInt32LE(value, at + 10 + 12 * place);
  });
}

/** A JPEG of the browser's own making, with more put in at its beginning. */
export async function jpeg(page: Page, segment: Buffer): Promise<Buffer> {
  const made = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(64, 48);
    canvas.getContext("2d")!.fillRect(0, 0, 64, 48);
    const blob = await canvas.convertToBlob({ type: "image/jpeg" });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  const bytes = Buffer.from(made);
  return Buffer.concat([bytes.subarray(0, 2), segment, bytes.subarray(2)]);
}

/** What is dragged, or on the clipboard. */
export async function transfer(page: Page, files: { name: string; type: string; content: Buffer }[]): Promise<JSHandle<DataTransfer>> {
  const plain = files.map(({ name, type, content }) => ({ name, type, content: content.toString("base64") }));
  return page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const { name, type, content } of all) data.items.add(new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], name, { type }));
    return data;
  }, plain);
}
