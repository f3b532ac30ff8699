import { Offline, Problem } from "../../api/problems";
import { sizeWords } from "../../board/names";
import { CutOff, Unreadable } from "../../board/uploads";
import type { Words } from "../en";
import { plural } from "../words";
import { problems } from "./problems";

const size = (bytes: number) => sizeWords(bytes, "ru");
const files = plural("ru", { one: "файл", few: "файла", many: "файлов", other: "файла" });
const tooLarge = (bytes: number, max: number) =>
  size(bytes) === size(max) ? `Слишком большой файл: больше ${size(max)}.` : `Слишком большой файл: ${size(bytes)}, можно не больше ${size(max)}.`;

export const attachments: Words["attachments"] = {
  title: "Файлы и ссылки",
  none: "Перетащите сюда файлы, вставьте картинку или выберите файлы.",
  choose: "Прикрепить файлы",
  addLink: "Добавить ссылку",
  address: "Адрес",
  linkTitle: "Название (если нужно)",
  noAddress: "Адрес начинается с https:// или http://.",
  add: "Добавить",
  failed: "Не удалось прочитать файлы.",
  dropOn: "Перетащите на задачу, чтобы прикрепить",
  dropTo: (title) => `Прикрепить к «${title}»`,
  folders: (names) => `Папки прикрепить нельзя: ${names}.`,
  uploads: "Прикрепляемые файлы",
  attaching: (n) => `Прикрепляется ${files(n)}`,
  toTask: (title) => `к «${title}»`,
  waiting: "Ждёт своей очереди",
  waitingFor: (why) => `Продолжится само. ${why}`,
  sentOf: (sent, all) => `${size(sent)} из ${size(all)}`,
  storing: "Сохраняется …",
  cancel: (name) => `Отменить: ${name}`,
  again: (name) => `Повторить: ${name}`,
  forget: (name) => `Не прикреплять: ${name}`,
  tells: "Из снимка видно, где он сделан, а эту доску может читать каждый.",
  withoutPlace: "Прикрепить без места съёмки",
  withPlace: "Прикрепить как есть",
  picture: "Картинка",
  unnamed: "файл",
  inComment: "в комментарии",
  menu: (title) => `Меню «${title}»`,
  rename: "Переименовать",
  newName: "Название вложения",
  copyPicture: "Скопировать для описания",
  download: "Скачать",
  downloadOf: (title) => `Скачать ${title}`,
  remove: "Убрать",
  erase: "Удалить навсегда …",
  eraseAsk: "Удалить навсегда?",
  erased: (title) => `Файл «${title}» и всё, что из него сделано, сразу удалится у всех. Вернуть его будет нельзя.`,
  eraseNow: "Удалить навсегда",
  then: (comments, attached) => `Тогда здесь было: ${[comments, attached].filter(Boolean).join(" и ")}. Прочитать их можно на доске, какая она сейчас.`,
  look: (title) => `Посмотреть ${title}`,
  viewer: "Картинки задачи",
  previous: "Предыдущая картинка",
  next: "Следующая картинка",
  place: (n, all) => `${n} из ${all}`,
  unseen: "Не удалось показать картинку.",
  leadsTo: (host) => `ведёт на ${host}`,
  why: (problem, bytes) => {
    if (problem instanceof Unreadable) return "Файл больше не читается. Выберите его снова.";
    if (problem instanceof CutOff) return "Сервер прервал передачу.";
    if (problem instanceof Offline) return "Doska не отвечает.";
    if (!(problem instanceof Problem)) return "Здесь что-то пошло не так.";
    if (problem.kind === "too-large" && problem.document.limit) return tooLarge(bytes, problem.document.limit);
    return problems[problem.kind]?.(problem.document) ?? problem.document.title;
  },
};
