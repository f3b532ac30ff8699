import { expect, test } from "vitest";
import type { Comment, Payload } from "../src/api/types";
import { addComment, deleteComment, newComment, react } from "../src/board/commenting";
import { byAge, commentsOver, reacted, withPerson } from "../src/board/comments";
import { COMMON, isEmoji } from "../src/board/emoji";
import { inverseOf } from "../src/board/inverse";
import { opOf } from "../src/board/ops";
import { laidOver } from "../src/board/overlay";
import { rightsOf, rolesBelow } from "../src/board/rights";
import { drawingOf, stateOf } from "../src/board/state";
import { Thread } from "../src/board/thread";
import { saidWords } from "../src/i18n/moments";
import { aCard, aColumn, anEvent, anna, aSnapshot, boris } from "./things";

const card = aCard("1", "todo", "b", { comment_count: 2 });
const me = anna as Parameters<typeof newComment>[2];
const drawn = () => drawingOf(stateOf(aSnapshot([aColumn("todo", "b")], [card])));

function aComment(id: string, more: Partial<Comment> = {}): Comment {
  return { id, board_id: "board", task_id: "1", author: boris, author_name: null, body: id, mentions: [], reactions: [], version: 1, created_at: `2026-01-0${id}T00:00:00Z`, edited_at: null, ...more };
}

const [first, second] = [aComment("1"), aComment("2")];

test("a comment is drawn at once, at the end, and counted on its card; once it is confirmed it does not show twice", () => {
  const said = newComment(card, "Hello", me);
  const op = addComment(card, said);
  expect(op.write).toEqual({ method: "POST", path: "/comments", body: { id: said.id, task_id: "1", body: "Hello" } });
  expect(op.typed).toEqual({ of: "1", field: "comment", text: "Hello" });
  expect(commentsOver([first, second], [op], "1").map((one) => one.body)).toEqual(["1", "2", "Hello"]);
  expect(commentsOver([first, { ...said, version: 1 }], [op], "1").map((one) => [one.id, one.isWaiting])).toEqual([["1", undefined], [said.id, undefined]]);
  expect(commentsOver([first], [op], "2")).toEqual([first]); // of another task
  expect(laidOver(drawn(), op.effects).lists.get("todo")![0]!.comment_count).toBe(3);
});

test("taking back what was done with comments is drawn at once, too", () => {
  const edit = opOf("comment.edit", "", { method: "PATCH", path: "/comments/2" }, [{ kind: "comment.patch", task: "1", comment: "2", fields: { body: "new" }, was: { body: "2" } }]);
  const done = [addComment(card, newComment(card, "Hello", me)), deleteComment(card, first), edit, react(second, "👍", anna, true)];
  for (const op of done) {
    const back = opOf("undo", "", { method: "POST", path: "/" }, inverseOf(drawn(), op.effects));
    const seen = (ops: (typeof op)[]) => commentsOver([first, second], ops, "1").map((one) => [one.body, one.reactions]);
    expect(seen([op])).not.toEqual(seen([]));
    expect(seen([op, back])).toEqual(seen([]));
    expect(laidOver(drawn(), [...op.effects, ...back.effects]).lists.get("todo")![0]!.comment_count).toBe(2);
  }
});

test("comments stand by their age, and those of one moment by their ids", () => {
  const same = [aComment("3", { created_at: "2026-01-01T00:00:00Z" }), second, first, aComment("4", { created_at: "2026-01-01T01:00:00+01:00" })];
  expect(same.sort(byAge).map((one) => one.id)).toEqual(["1", "3", "4", "2"]);
});

test("a reaction counts whom it is of, once, and goes with the last of them", () => {
  const thumbs = reacted(reacted([], "👍", "anna", true), "👍", "boris", true);
  expect(thumbs).toEqual([{ emoji: "👍", count: 2, user_ids: ["anna", "boris"] }]);
  expect(reacted(thumbs, "👍", "anna", true)).toEqual(thumbs);
  expect(reacted(reacted(thumbs, "👍", "anna", false), "👍", "boris", false)).toEqual([]);
  expect(reacted(thumbs, "🎉", "anna", false)).toEqual(thumbs);
  expect(react(first, "#️⃣", anna, true).write.path).toBe("/comments/1/reactions/%23%EF%B8%8F%E2%83%A3");
});

test("whoever is gone is nobody's author, and reacts no more", () => {
  const comment = aComment("1", { mentions: [{ handle: "boris", user: boris }], reactions: [{ emoji: "👍", count: 2, user_ids: ["anna", "boris"] }] });
  expect(withPerson(comment, "boris", null)).toMatchObject({ author: null, mentions: [{ handle: "boris", user: null }], reactions: [{ count: 1, user_ids: ["anna"] }] });
  expect(withPerson(comment, "boris", { ...boris, name: "Bob" })).toMatchObject({ author: { name: "Bob" }, mentions: [{ user: { name: "Bob" } }], reactions: comment.reactions });
});

test("an emoji is a sign or several that belong together, and no letter, digit or space", () => {
  for (const emoji of [...COMMON, "👩🏽‍🚀", "🇫🇷", "3️⃣", "#️⃣", "✓", "🏴\u{e0067}\u{e0062}\u{e007f}"]) expect([emoji, isEmoji(emoji)]).toEqual([emoji, true]);
  for (const text of ["", "a", "ж", "3", "👍 ", "👍\n", "\u200b👍\u00a0", "ok👍", "👍".repeat(9), "½", "\u200d", "\ufe0f", "🄀"]) expect([text, isEmoji(text)]).toEqual([text, false]);
});

test("who may comment, and who may delete what others have said", () => {
  const of = (role: string) => rightsOf({ people: new Map([["anna", { user: anna, role, joined_at: "" } as never]]) }, anna);
  expect(["OBSERVER", "COMMENTER", "MEMBER", "MODERATOR", "CREATOR"].map((role) => [of(role).comment, of(role).editTasks, of(role).moderate])).toEqual([
    [false, false, false], [true, false, false], [true, true, false], [true, true, true], [true, true, true],
  ]);
  expect(rightsOf({ people: new Map() }, anna).comment).toBe(false);
  expect(rolesBelow(of("MODERATOR"), false)).toEqual(["MEMBER", "COMMENTER", "OBSERVER"]);
});

test("when something was said: near days in words, and the time", () => {
  const now = new Date("2026-05-03T12:00:00Z");
  expect(saidWords("2026-05-03T09:05:00Z", "en", now, "UTC").replace("\u202f", " ")).toBe("today, 9:05 AM");
  expect(saidWords("2026-05-02T21:05:00Z", "ru", now, "UTC")).toBe("вчера, 21:05");
});

test("events tell of comments: made, changed, reacted to, deleted, taken back; those of other tasks are not shown", () => {
  const thread = new Thread("1");
  thread.asked()([second], null);
  const bodies = () => thread.comments.map((one) => one.body);
  const told = (seq: number, type: string, payload: Payload) => thread.take(anEvent(seq, type, payload, { task_id: "1" }));
  told(2, "comment.created", { comment: first });
  told(3, "comment.created", { comment: { ...aComment("9"), task_id: "other" } });
  expect(bodies()).toEqual(["1", "2"]);
  told(4, "comment.updated", { comment: { id: "1", body: "new", version: 2 } });
  told(5, "comment.updated", { comment: { id: "1", body: "old", version: 1 } });
  expect(bodies()).toEqual(["new", "2"]);
  told(6, "reaction.added", { comment: { id: "2", reactions: [{ emoji: "👍", count: 1, user_ids: ["anna"] }] } });
  expect(thread.comments[1]!.reactions[0]!.count).toBe(1);
  told(7, "comment.deleted", { comment: { id: "1" } });
  expect(bodies()).toEqual(["2"]);
  told(8, "change.undone", { comments: [{ ...first, body: "new" }] });
  expect(bodies()).toEqual(["new", "2"]);
  told(9, "change.undone", { comments: [{ id: "2", is_deleted: true }] });
  expect(bodies()).toEqual(["new"]);
  told(10, "user.deleted", { user: { id: "boris" } });
  expect(thread.comments[0]!.author).toBe(null);
});

test("what comes in while comments are read wins over what was asked for before, and what is gone meanwhile stays gone", () => {
  const thread = new Thread("1");
  thread.asked()([first, second], null);
  const answered = thread.asked();
  thread.take(anEvent(2, "comment.updated", { comment: { id: "1", body: "new", version: 2 } }, { task_id: "1" }));
  thread.take(anEvent(3, "comment.deleted", { comment: { id: "2" } }, { task_id: "1" }));
  thread.take(anEvent(4, "comment.created", { comment: aComment("3") }, { task_id: "1" }));
  answered([first, second], null);
  expect(thread.comments.map((one) => one.body)).toEqual(["new", "3"]);
  thread.asked()([], null); // deleted while nothing was heard
  expect(thread.comments).toEqual([]);
});

test("what is before those that were read waits for them", () => {
  const thread = new Thread("1");
  thread.asked()([second], "cursor");
  thread.take(anEvent(2, "change.undone", { comments: [first] }, { task_id: "1" }));
  expect(thread.comments).toEqual([second]);
  thread.before([first], null);
  expect([thread.comments, thread.earlier]).toEqual([[first, second], null]);
});

test("an answer tells what its event may tell later: nothing that was done flickers", () => {
  const thread = new Thread("1");
  const said = newComment(card, "Hello", me);
  thread.asked()([first], null);
  thread.answered(addComment(card, said), { ...said, version: 1 });
  thread.answered(react(first, "👍", anna, true), null);
  thread.answered(deleteComment(card, second), null);
  expect(thread.comments.map((one) => [one.body, one.version, one.reactions.length])).toEqual([["1", 1, 1], ["Hello", 1, 0]]);
  thread.take(anEvent(2, "comment.created", { comment: second }, { task_id: "1" }));
  expect(thread.comments.length).toBe(3); // it was made anew: undone
});
