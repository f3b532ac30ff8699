/** A task's comments: what events make of them, and how they are drawn with what is not confirmed yet. */
import type { Comment, Id, Reaction, User } from "../api/types";
import type { Effect, Op } from "./ops";

/** Oldest first, as the server has them. */
export function byAge(a: Comment, b: Comment): number {
  const [one, other] = [Date.parse(a.created_at), Date.parse(b.created_at)];
  return one - other || (a.id < b.id ? -1 : 1);
}

/** A comment as it is drawn: perhaps its text is not the server's yet. */
export type Drawn = Comment & { isWaiting?: boolean };

/** Draw what is done over what is confirmed; what an op makes and is there already never shows twice. */
export function commentsOver(confirmed: readonly Comment[], ops: readonly Op[], task: Id): Drawn[] {
  return ops.flatMap((op) => op.effects).reduce((all, effect) => ("task" in effect && effect.task === task ? lay(all, effect) : all), [...confirmed]);
}

function lay(all: Drawn[], effect: Effect): Drawn[] {
  switch (effect.kind) {
    case "comment.set": {
      const others = all.filter((one) => one.id !== effect.comment.id);
      if (!effect.isOn) return others;
      return others.length < all.length ? all : [...all, { ...effect.comment, isWaiting: true }].sort(byAge);
    }
    case "comment.patch":
      return all.map((one) => (one.id === effect.comment ? { ...one, ...effect.fields, isWaiting: true } : one));
    case "comment.react":
      return all.map((one) => (one.id === effect.comment ? { ...one, reactions: reacted(one.reactions, effect.emoji, effect.user, effect.isOn) } : one));
    default:
      return all;
  }
}

/** Reactions once somebody has reacted, or has taken it back; each emoji stays where it is while anybody has it. */
export function reacted(reactions: readonly Reaction[], emoji: string, user: Id, isOn: boolean): Reaction[] {
  const known = reactions.some((one) => one.emoji === emoji);
  const all = known || !isOn ? reactions : [...reactions, { emoji, count: 0, user_ids: [] }];
  return all.map((one) => (one.emoji === emoji ? withUser(one, user, isOn) : one)).filter((one) => one.count > 0);
}

function withUser(reaction: Reaction, user: Id, isOn: boolean): Reaction {
  const has = reaction.user_ids.includes(user);
  if (has === isOn) return reaction;
  const user_ids = isOn ? [...reaction.user_ids, user] : reaction.user_ids.filter((id) => id !== user);
  return { ...reaction, user_ids, count: reaction.count + (isOn ? 1 : -1) };
}

/** Show somebody as they are now called; null: gone, as author and with their reactions. */
export function withPerson(comment: Comment, id: Id, user: User | null): Comment {
  const author = comment.author?.id === id ? user : comment.author;
  const mentions = comment.mentions.map((one) => (one.user?.id === id ? { ...one, user } : one));
  const reactions = user ? comment.reactions : comment.reactions.map((one) => withUser(one, id, false)).filter((one) => one.count > 0);
  return { ...comment, author, mentions, reactions };
}
