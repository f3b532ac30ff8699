/** What is said of a task on the board, and in its panel, too. */
export const task = {
  archive: "Archive",
  due: "Due",
  people: "People",
  priority: "Priority",
  swatches: {
    "#d64545": "Red", "#d9822b": "Orange", "#b8860b": "Gold", "#3a8f4d": "Green", "#1f8a8a": "Teal",
    "#2f6fdb": "Blue", "#5c5fd6": "Indigo", "#9b51c9": "Violet", "#c9448a": "Pink", "#6b7280": "Grey",
  } as Record<string, string>,
  keptHere: "This browser keeps nothing: the draft is lost when the tab is closed.",
  changedBy: (name: string) => `${name} changed this meanwhile.`,
  merged: (name: string) => `Merged with the change by ${name}.`,
  bringBackMine: "Bring back mine",
  see: "See",
};
