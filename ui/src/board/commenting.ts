/** What can be done with comments, each as the write that is sent and the effect that is drawn at once. */
import { clock } from "../api/clock";
import { uuid7 } from "../api/ids";
import type { Card, Comment, Me, User } from "../api/types";
import { opOf, withTyped, type Effect, type Op } from "./ops";

/** The field of the draft that a task's next comment is. */
export const DRAFT = "comment";
/** What the API takes. */
export const CHARS_MAX = 20_000;

/** The count stands on the card, so it is drawn there too. */
function counted(card: Card, by: number): Effect {
  return { kind: "task.patch", task: card.id, fields: { comment_count: Math.max(0, (card.comment_count ?? 0) + by) } };
}

/** A comment as it will be; whom it names the server says. */
export function newComment(card: Card, body: string, me: Me): Comment {
  const created_at = clock.now().toISOString();
  return { id: uuid7(), board_id: card.board_id, task_id: card.id, author: me, author_name: null, body, mentions: [], reactions: [], version: 0, created_at, edited_at: null };
}

export function addComment(card: Card, comment: Comment): Op {
  const body = { id: comment.id, task_id: card.id, body: comment.body };
  const effects: Effect[] = [{ kind: "comment.set", task: card.id, comment, isOn: true }, counted(card, 1)];
  return withTyped(opOf("comment.add", card.title, { method: "POST", path: "/comments", body }, effects), card.id, DRAFT, comment.body);
}

export function deleteComment(card: Card, comment: Comment): Op {
  const effects: Effect[] = [{ kind: "comment.set", task: card.id, comment, isOn: false }, counted(card, -1)];
  return opOf("comment.remove", card.title, { method: "DELETE", path: `/comments/${comment.id}` }, effects);
}

/** React with an emoji, or take that back. */
export function react(comment: Comment, emoji: string, user: User, isOn: boolean): Op {
  const write = { method: isOn ? ("PUT" as const) : ("DELETE" as const), path: `/comments/${comment.id}/reactions/${encodeURIComponent(emoji)}` };
  const effect: Effect = { kind: "comment.react", task: comment.task_id, comment: comment.id, emoji, user: user.id, isOn };
  return opOf(isOn ? "reaction.add" : "reaction.remove", emoji, write, [effect]);
}
