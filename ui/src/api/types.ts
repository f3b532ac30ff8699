/** The API's shapes under short names. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Id = string;
export type Role = Schemas["Role"];
export type Status = Schemas["Status"];
export type Priority = Schemas["Priority"];
export type User = Schemas["UserView"];
export type Me = Schemas["AccountOut"];
export type Board = Schemas["BoardView"];
export type BoardInList = Schemas["BoardListed"];
export type Person = Schemas["PersonOut"];
export type Column = Schemas["ColumnView"];
export type Label = Schemas["LabelOut"];
export type Comment = Schemas["CommentOut"];
export type Reaction = Schemas["ReactionOut"];
export type Card = Schemas["TaskCard"];
export type Task = Schemas["TaskOut"];
export type Subtask = Schemas["SubtaskOut"];
export type Attachment = Schemas["AttachmentOut"];
export type Snapshot = Schemas["SnapshotOut"];

/** An event of the log. What its payload holds depends on its type; `apply` reads the kinds that it draws. */
export interface Event {
  board_id: Id;
  seq: number;
  position: string;
  type: string;
  actor: User | null;
  task_id: Id | null;
  at: string;
  payload: Payload;
}

type Change<T> = Partial<T> & { id: Id; is_deleted?: boolean };
type PersonChange = Partial<Omit<Person, "user">> & { user: Partial<User> & { id: Id }; is_deleted?: boolean };

/** `from_archive`: it comes from there, and the tasks that it has hidden are not told. */
type ColumnChange = Change<Column> & { from_archive?: boolean };

export interface Payload {
  board?: Change<Board>;
  person?: PersonChange;
  people?: PersonChange[];
  column?: ColumnChange;
  columns?: ColumnChange[];
  label?: Change<Label>;
  labels?: Change<Label>[];
  comment?: Change<Comment>;
  comments?: Change<Comment>[];
  task?: Change<Card>;
  tasks?: Change<Card>[];
  subtask?: Change<Subtask>;
  subtasks?: Change<Subtask>[];
  attachment?: Change<Attachment>;
  attachments?: Change<Attachment>[];
  user?: Partial<User> & { id: Id };
  undone?: { seq: number; count: number; type: string };
}
