/** What files are called. */

export const NAME_CHARS_MAX = 255;
// What a name may not have for the server: it is not seen, or turns round what is.
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/gu;
const UNNAMED = /^image\.(\w+)$/i;

/** A name that the server takes, as near to the file's own as can be; the ending stays. */
export function fileName(name: string, instead = "file"): string {
  const seen = name.normalize("NFC").replace(/\p{Cs}/gu, "\ufffd").replace(UNSEEN, " ").trim();
  const chars = [...(seen || instead)];
  if (chars.length <= NAME_CHARS_MAX) return chars.join("");
  const ending = /\.[^.\s]{1,16}$/u.exec(seen)?.[0] ?? "";
  return chars.slice(0, NAME_CHARS_MAX - [...ending].length - 1).join("") + "…" + ending;
}

/** A pasted picture has no name of its own: browsers call each `image.png`. It gets one with the time. */
export function pastedName(name: string, word: string, now: Date): string {
  const ending = UNNAMED.exec(name)?.[1];
  return ending ? `${word} ${stamp(now)}.${ending.toLowerCase()}` : name;
}

/** As it is on the clock of whoever pastes; no colons, which some systems do not take in names of files. */
function stamp(now: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  return `${day} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("-")}`;
}

/** The ending of a name, to tell what it may be: `PDF`; "" if it has none that does. */
export function endingOf(name: string): string {
  return /\.([\p{L}\p{N}]{1,5})$/u.exec(name)?.[1]?.toUpperCase() ?? "";
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** How large a file is, in words: `1.4 MB`, `1,4 МБ`. */
export function sizeWords(bytes: number, language: string): string {
  let [size, unit] = [bytes, 0];
  while (size >= 1000 && unit < UNITS.length - 1) [size, unit] = [size / 1024, unit + 1];
  const digits = unit > 1 && size < 100 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: "unit", unit: UNITS[unit]!, unitDisplay: unit ? "short" : "long", maximumFractionDigits: digits }).format(size);
}
