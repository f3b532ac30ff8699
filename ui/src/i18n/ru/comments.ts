import type { Words } from "../en";
import { listOf, plural } from "../words";

const list = listOf("ru");
const people = plural("ru", { one: "человек", few: "человека", many: "человек", other: "человека" });
const others = plural("ru", { one: "другой", few: "других", many: "других", other: "других" });

export const comments: Words["comments"] = {
  title: "Комментарии",
  loading: "Комментарии загружаются…",
  none: "Пока никто ничего не сказал.",
  earlier: "Более ранние комментарии",
  write: "Написать комментарий",
  send: "Отправить",
  preview: "Предпросмотр",
  goOnWriting: "Писать дальше",
  hint: "@ упоминает человека. Работает Markdown. Ctrl+Enter отправляет.",
  nothing: "Пока нечего показать.",
  people: "Люди этой доски",
  found: (n) => (n === 1 ? "1 человек: Enter упомянет" : `${people(n)}: выбор стрелками, Enter упомянет`),
  by: (name) => `Комментарий (${name})`,
  menu: (name) => `Меню комментария (${name})`,
  edit: "Изменить комментарий",
  edited: "изменено",
  editedAt: (when) => `изменено ${when}`,
  waiting: "ещё не отправлено",
  said: (name) => `Новый комментарий (${name})`,
  react: "Поставить реакцию",
  reactions: "Реакции",
  other: "Другой эмодзи",
  noEmoji: "Один эмодзи, без букв, цифр и пробелов.",
  reacted: (emoji, count, names) => `${emoji} ${count}: ${list(names)}`,
  me: "вы",
  others: (n) => `ещё ${others(n)}`,
  observer: "Вы наблюдаете за этой доской: писать здесь могут люди с ролью «Комментатор» и выше.",
  viewer: "Писать здесь могут только люди этой доски.",
  archived: "Эта доска в архиве: здесь больше не пишут.",
  gone: "Задачи нет на доске: здесь нельзя писать. То, что вы ввели, сохранено.",
};
