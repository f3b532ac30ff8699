import type { Words } from "../en";

export const lift: Words["lift"] = {
  lifted: (title, where) => `Взято: ${title}. ${where}. Стрелки двигают, пробел опускает, Escape отменяет.`,
  place: (column, at, of) => `${column}, ${at} из ${of}`,
  dropped: (title, where) => `Опущено: ${title}. ${where}.`,
  cancelled: (where) => `Отменено. Снова ${where}.`,
};
