import { listOf } from "../words";

const list = listOf("en");

/** What is said of a task, and by whom. */
export const comments = {
  title: "Comments",
  loading: "Reading the comments …",
  none: "Nobody has said anything yet.",
  earlier: "Earlier comments",
  write: "Write a comment",
  send: "Comment",
  preview: "Preview",
  goOnWriting: "Go on writing",
  hint: "@ names somebody. Markdown works. Ctrl+Enter sends.",
  nothing: "There is nothing to see yet.",
  people: "People of this board",
  found: (n: number) => (n === 1 ? "1 person: Enter names them" : `${n} people: arrows choose, Enter names them`),
  by: (name: string) => `Comment by ${name}`,
  menu: (name: string) => `Menu of the comment by ${name}`,
  edit: "Edit the comment",
  edited: "edited",
  editedAt: (when: string) => `edited ${when}`,
  waiting: "not sent yet",
  said: (name: string) => `${name} has commented`,
  react: "React",
  reactions: "Reactions",
  other: "Another emoji",
  noEmoji: "One emoji, please: no letters, digits or spaces.",
  reacted: (emoji: string, count: number, names: string[]) => `${emoji} ${count}: ${list(names)}`,
  me: "you",
  others: (n: number) => (n === 1 ? "1 other" : `${n} others`),
  observer: "You observe this board: somebody with the role Commenter, or a higher one, can write here.",
  viewer: "Only people of this board can write here.",
  archived: "This board is archived: nothing is written here any more.",
  gone: "The task is not on the board: nothing can be written here. What you typed is kept.",
};
