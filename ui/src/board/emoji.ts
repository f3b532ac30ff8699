/** What a reaction may be. */
export const COMMON = ["👍", "❤️", "😄", "🎉", "👀", "🚀", "😕", "👎"];
const CODE_POINTS_MAX = 8;
const KEYCAP = /^[0-9#*]\uFE0F?\u20E3$/u;
const SIGN = /[\p{S}\p{P}\p{M}\u200D\u{E0020}-\u{E007F}]/u; // and what joins them
const SEEN = /[\p{S}\p{P}]/u;

/** Signs to look at, not to read: no letter, digit, space or control, by the API's own rule; a keycap may have its digit. */
export function isEmoji(text: string): boolean {
  const signs = [...text];
  if (!signs.length || signs.length > CODE_POINTS_MAX) return false;
  return KEYCAP.test(text) || (signs.some((one) => SEEN.test(one) || isNew(one)) && signs.every((one) => SIGN.test(one) || isNew(one)));
}

/** Newer than what this browser knows. */
function isNew(sign: string): boolean {
  const code = sign.codePointAt(0)!;
  return code >= 0x1f000 && code < 0x20000 && /\p{Cn}/u.test(sign);
}
