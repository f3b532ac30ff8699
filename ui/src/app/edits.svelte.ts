/** The texts of a board that are being edited: they outlive the panels that show them. */
import { tasksOf, type Op } from "../board/ops";
import { TextEdit, type TextField } from "./texts.svelte";
import type { BoardView } from "./view.svelte";

export class Edits {
  private readonly known = new Map<string, TextEdit>();

  constructor(private readonly view: BoardView) {}

  /** That of a task's, or a comment's, text: its draft, its conflict. */
  of(task: string, field: TextField): TextEdit {
    const name = `${task}/${field}`;
    let found = this.known.get(name);
    if (!found) this.known.set(name, (found = new TextEdit(this.view, task, field)));
    return found;
  }

  /** That which an op was made of. */
  behind(op: Op): TextEdit {
    return this.of(op.base!.comment ?? tasksOf(op)[0]!, op.base!.field);
  }

  /** Keep what is typed at this moment. */
  keep(): void {
    for (const edit of this.known.values()) if (edit.isEditing) edit.keep();
  }
}
