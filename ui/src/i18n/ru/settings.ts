import type { Words } from "../en";
import { listOf, plural } from "../words";

const all = listOf("ru");
const archived = plural("ru", { one: "задачу в архиве", few: "задачи в архиве", many: "задач в архиве", other: "задачи в архиве" });
const comments = plural("ru", { one: "комментарий", few: "комментария", many: "комментариев", other: "комментария" });
const files = plural("ru", { one: "файл", few: "файла", many: "файлов", other: "файла" });

const tasks = plural("ru", { one: "задача", few: "задачи", many: "задач", other: "задачи" });
const andTasks = plural("ru", { one: "задачу", few: "задачи", many: "задач", other: "задачи" });

export const settings: Words["settings"] = {
  title: "Настройки",
  notForYou: "Доску и её колонки меняют только создатель и модераторы.",
  boardTitle: "Название",
  isPublic: "Публичная",
  makePublic: "Сделать публичной",
  makePrivate: "Сделать закрытой",
  publicText: (found) => `Любой, кто вошёл, сможет читать эту доску: ${all([andTasks(found.tasks), archived(found.archived), comments(found.comments), files(found.files)])}.`,
  publicUnknown: "Любой, кто вошёл, сможет читать эту доску: все её задачи, и архив, комментарии и файлы.",
  archive: "Доску в архив",
  unarchive: "Вернуть из архива",
  columns: "Колонки",
  labelTitle: "Название метки",
  newLabel: "Новая метка",
  deleteLabelText: (n) => `С ней ${tasks(n)}, считая архив.`,
  archivedColumns: "Колонки в архиве",
  archivedTasks: (n) => (n === 0 ? "нет задач" : tasks(n)),
  restoreColumn: "Вернуть",
  status: "Задачи становятся",
  noStatus: "чем были",
  limit: "Предел",
  hard: "больше не принимать",
  deleteColumn: "Удалить колонку",
  deleteColumnText: (n) => `В ней ${tasks(n)}, считая архив.`,
  tasksGo: "Что станет с ними",
  moveTo: (title) => `Переместить в «${title}»`,
  deleteTasks: "Удалить",
  delete: "Удалить доску",
  deleteText: (key) => `Это нельзя отменить. Введите ${key}, чтобы удалить доску со всем, что на ней.`,
  deleted: (title) => `Доска «${title}» удалена`,
};
