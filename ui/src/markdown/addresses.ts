/** What a link may lead to, and whether its text says so. */
import type { Id } from "../api/types";

export interface Address {
  href: string;
  /** Where it leads, in short: a host, or whom a mail is for. */
  host: string;
}

/** An address that may be a link: http(s) and mailto, whole, without a name or password in it; else null. */
export function addressOf(text: string): Address | null {
  const url = URL.parse(text);
  if (url?.protocol === "mailto:") return mailTo(url.pathname);
  const isWeb = url?.protocol === "http:" || url?.protocol === "https:";
  return isWeb && !url.username && !url.password ? { href: url.href, host: url.host } : null;
}

/** Nothing but whom it is for: programs for mail do what else an address says. */
function mailTo(path: string): Address | null {
  return /^[^\s<>"'?&%]+@[^\s<>"'?&%@]+$/.test(path) ? { href: `mailto:${path}`, host: path } : null;
}

const LOOKED_AT_MAX = 300; // else what is sought in it would take a time that grows with its square
const HIDDEN = /[\p{Cf}\p{Mn}\s]/gu;
const TURNED = /[\u202a-\u202e\u2066-\u2069]/; // text that is read from right to left, wherever it stands
const LIKE_HOST = /[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+|(?<=:\/\/)[^\s/?#]+/gu;

/** Whether a text looks like another address than the one that it leads to; a long one is not looked at, and may. */
export function isDisguised(text: string, address: Address): boolean {
  if (text.length > LOOKED_AT_MAX || TURNED.test(text)) return true;
  const seen = text.normalize("NFKC").replace(HIDDEN, "");
  if (isSame(seen, address.host) || (!seen.includes("@") && isSame(hostOf(seen), address.host))) return false;
  return [...seen.matchAll(LIKE_HOST)].some(([host]) => !isSame(hostOf(host), address.host));
}

function hostOf(text: string): string {
  return URL.parse(/^https?:/i.test(text) ? text : `http://${text}`)?.host ?? text;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase().replace(/^www\./, "") === other.toLowerCase().replace(/^www\./, "");
}

const FILE = /^(?:attachment:|\/attachments\/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/content(?:\?inline=true)?)?$/;

/** The attachment that a picture's address names, if it names one. */
export function attachmentOf(address: string): Id | null {
  return FILE.exec(address)?.[1] ?? null;
}
