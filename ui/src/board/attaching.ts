/** What can be done with a task's files and links. Their count stands on the card, so it is drawn there too. */
import { uuid7 } from "../api/ids";
import type { Attachment, Card, Id } from "../api/types";
import { opOf, type Effect, type Op } from "./ops";

// Those that are shown as pictures; what they are, the server saw by their bytes.
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

export function isPicture(attachment: Attachment): boolean {
  return attachment.media_type !== null && PICTURES.includes(attachment.media_type);
}

export function counted(card: Pick<Card, "id" | "attachment_count">, by: 1 | -1): Effect {
  return { kind: "task.patch", task: card.id, fields: { attachment_count: Math.max(0, (card.attachment_count ?? 0) + by) } };
}

/** Where a file is sent. */
export function fileAddress(task: Id, name: string): string {
  return `/tasks/${task}/attachments?${new URLSearchParams({ name })}`;
}

export function addLink(card: Card, id: Id, url: string, title: string): Op {
  const body = { id, url, ...(title && { title }) };
  return opOf("link.add", title || url, { method: "POST", path: `/tasks/${card.id}/links`, body }, [counted(card, 1)]);
}

/** A link as it will be. */
export function newLink(card: Card, url: string, title: string): Attachment {
  return {
    id: uuid7(), board_id: card.board_id, task_id: card.id, title: title || url, url, media_type: null, comment_id: null, size: null, width: null, height: null,
    author: null, author_name: null, version: 0, created_at: new Date().toISOString(),
  };
}

export function renameAttachment(attachment: Attachment, title: string): Op {
  return opOf("attachment.patch", title, { method: "PATCH", path: `/attachments/${attachment.id}`, body: { title } }, []);
}

export function deleteAttachment(card: Card, attachment: Attachment): Op {
  return opOf("attachment.remove", attachment.title, { method: "DELETE", path: `/attachments/${attachment.id}` }, [counted(card, -1)]);
}

/** Delete a file with all that was made of it, at once. */
export function eraseAttachment(card: Card, attachment: Attachment): Op {
  const write = { method: "DELETE" as const, path: `/attachments/${attachment.id}?erase=true` };
  return { ...opOf("attachment.erase", attachment.title, write, [counted(card, -1)]), isFinal: true };
}

/** How a description shows a picture, or leads to a file. */
export function markdownOf(attachment: Attachment): string {
  const words = attachment.title.replace(/[\\[\]]/g, "\\$&");
  if (attachment.url) return `[${words}](<${attachment.url.replace(/[<>]/g, encodeURIComponent)}>)`;
  return `${isPicture(attachment) ? "!" : ""}[${words}](/attachments/${attachment.id}/content)`;
}

/** An address as it is typed: without `https://`, too; null if it is none. */
export function typedAddress(text: string): string | null {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/]+:\d/.test(text) ? text : `https://${text}`;
  const url = URL.parse(whole);
  const isWeb = url?.protocol === "http:" || url?.protocol === "https:";
  return isWeb && /^\S+$/.test(whole) && (url.hostname.includes(".") || url.hostname === "localhost" || /^https?:/i.test(text)) ? whole : null;
}
