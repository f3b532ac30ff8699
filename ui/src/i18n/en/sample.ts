/** A board that is its own tutorial. */
export const sample = {
  title: "Try Doska",
  columns: ["Try this", "Doing", "Done"],
  tasks: [
    { title: "Drag me to “Doing”", description: "With the mouse, or hold with a finger. Without dragging: the ⋯ menu of a card, or M." },
    { title: "Press C to make a task", description: "Enter makes it and keeps the caret for the next one. Esc closes, and keeps what you typed." },
    { title: "Paste three lines into a new task", description: "Lines that are indented become subtasks of the one above." },
    { title: "Press Space on a card, then the arrows", description: "Space drops it, Esc puts it back. ? shows all keys." },
    { title: "Delete me, then press Ctrl+Z", description: "Everything on a board can be undone; nothing asks “are you sure?”." },
    { title: "Look back in time", description: "The clock above opens what happened, with a slider over it." },
    { title: "Open this board in a second window", description: "What happens in one is seen in the other at once." },
  ],
};
