import type { Words } from "../en";

export const my: Words["my"] = {
  nothingDue: "Ни одного срока. Наслаждайтесь.",
  groups: { late: "Просрочено", today: "Сегодня", soon: "На этой неделе", later: "Позже", none: "Без срока" },
};
