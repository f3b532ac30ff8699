export const palette = {
  title: "Find and command",
  words: "A task, its key, or a command",
  none: "Nothing found.",
  commands: { new: "New task", find: "Filter", mine: "Only mine", undo: "Undo", redo: "Redo", help: "Keys" } as Record<string, string>,
  places: { people: "People of this board", settings: "Settings of this board", activity: "What happened, and when" },
};
