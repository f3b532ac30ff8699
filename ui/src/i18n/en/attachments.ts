import { Offline, Problem } from "../../api/problems";
import { sizeWords } from "../../board/names";
import { CutOff, Unreadable } from "../../board/uploads";
import { problems } from "./problems";

const size = (bytes: number) => sizeWords(bytes, "en");
const tooLarge = (bytes: number, max: number) => (size(bytes) === size(max) ? `Too large: more than ${size(max)}.` : `Too large: ${size(bytes)} of at most ${size(max)}.`);

/** Files and links of tasks. */
export const attachments = {
  title: "Files and links",
  none: "Drop files here, paste a picture, or choose some.",
  choose: "Attach files",
  addLink: "Add a link",
  address: "Address",
  linkTitle: "Title (if it is to have one)",
  noAddress: "An address begins with https:// or http://.",
  add: "Add",
  failed: "The files could not be read.",
  dropOn: "Drop on a task to attach",
  dropTo: (title: string) => `Attach to “${title}”`,
  folders: (names: string) => `Folders cannot be attached: ${names}.`,
  uploads: "Files being attached",
  attaching: (n: number) => (n === 1 ? "Attaching 1 file" : `Attaching ${n} files`),
  toTask: (title: string) => `for “${title}”`,
  waiting: "Waits for its turn",
  waitingFor: (why: string) => `Goes on by itself. ${why}`,
  sentOf: (sent: number, all: number) => `${size(sent)} of ${size(all)}`,
  storing: "Being stored …",
  cancel: (name: string) => `Cancel: ${name}`,
  again: (name: string) => `Try again: ${name}`,
  forget: (name: string) => `Do not attach: ${name}`,
  tells: "This picture tells where it was taken, and everybody can read this board.",
  withoutPlace: "Attach without the place",
  withPlace: "Attach as it is",
  picture: "Picture",
  unnamed: "file",
  inComment: "in a comment",
  menu: (title: string) => `Menu of “${title}”`,
  rename: "Rename",
  newName: "Name of the attachment",
  copyPicture: "Copy for a description",
  download: "Download",
  downloadOf: (title: string) => `Download ${title}`,
  remove: "Remove",
  erase: "Delete for good …",
  eraseAsk: "Delete for good?",
  erased: (title: string) => `“${title}” and all that was made of it is deleted at once, for everybody. Nothing brings it back.`,
  eraseNow: "Delete for good",
  then: (comments: string, attached: string) => `At that time: ${[comments, attached].filter(Boolean).join(" and ")}. They can be read on the board as it is now.`,
  look: (title: string) => `Look at ${title}`,
  viewer: "Pictures of the task",
  previous: "Previous picture",
  next: "Next picture",
  place: (n: number, all: number) => `${n} of ${all}`,
  unseen: "The picture cannot be shown.",
  leadsTo: (host: string) => `leads to ${host}`,
  why: (problem: unknown, bytes: number): string => {
    if (problem instanceof Unreadable) return "The file cannot be read any more. Choose it again.";
    if (problem instanceof CutOff) return "The server ended the transfer.";
    if (problem instanceof Offline) return "Doska does not answer.";
    if (!(problem instanceof Problem)) return "Something went wrong here.";
    if (problem.kind === "too-large" && problem.document.limit) return tooLarge(bytes, problem.document.limit);
    return problems[problem.kind]?.(problem.document) ?? problem.document.title;
  },
};
