import type { Words } from "../en";

export const activity: Words["activity"] = {
  title: "Что произошло",
  slider: "Взгляд в прошлое",
  asItWas: (when) => `Доска, какой она была: ${when}.`,
  now: "Вернуться к настоящему",
  notForYou: "История видна только участникам доски.",
  by: "Кто",
  look: "Посмотреть",
  lookAt: (when) => `Посмотреть доску после этого: ${when}`,
};
