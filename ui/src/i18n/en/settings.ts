import { listOf, plural } from "../words";

const all = listOf("en");
const tasks = plural("en", { one: "task", other: "tasks" });
const archived = plural("en", { one: "archived task", other: "archived tasks" });
const comments = plural("en", { one: "comment", other: "comments" });
const files = plural("en", { one: "file", other: "files" });

/** What a board shows to those who may read it. */
export interface Readable {
  tasks: number;
  archived: number;
  comments: number;
  files: number;
}

export const settings = {
  title: "Settings",
  notForYou: "Only the creator and moderators change the board and its columns.",
  boardTitle: "Title",
  isPublic: "Public",
  makePublic: "Make public",
  makePrivate: "Make private",
  publicText: (found: Readable) => `Anyone signed in here will be able to read this board with ${all([tasks(found.tasks), archived(found.archived), comments(found.comments), files(found.files)])}.`,
  publicUnknown: "Anyone signed in here will be able to read this board with all its tasks, archived ones too, comments and files.",
  archive: "Archive the board",
  unarchive: "Bring back from the archive",
  columns: "Columns",
  labelTitle: "Title of the label",
  newLabel: "New label",
  deleteLabelText: (tasks: number) => `It is on ${tasks === 1 ? "1 task" : `${tasks} tasks`}, archived ones too.`,
  archivedColumns: "Archived columns",
  archivedTasks: (n: number) => (n === 0 ? "no tasks" : tasks(n)),
  restoreColumn: "Restore",
  status: "Tasks become",
  noStatus: "what they are",
  limit: "Limit",
  hard: "refuse more",
  deleteColumn: "Delete column",
  deleteColumnText: (tasks: number) => `${tasks === 1 ? "1 task is" : `${tasks} tasks are`} in it, archived ones too.`,
  tasksGo: "What becomes of them",
  moveTo: (title: string) => `Move them to “${title}”`,
  deleteTasks: "Delete them",
  delete: "Delete the board",
  deleteText: (key: string) => `This cannot be undone. Type ${key} to delete the board with all that is on it.`,
  deleted: (title: string) => `Board “${title}” deleted`,
};
