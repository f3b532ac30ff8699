export const my = {
  nothingDue: "Nothing is due. Enjoy it.",
  groups: { late: "Late", today: "Today", soon: "This week", later: "Later", none: "No due date" } as Record<string, string>,
};
