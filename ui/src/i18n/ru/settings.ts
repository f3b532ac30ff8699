import type { Words } from "../en";
import { plural } from "../words";

const tasks = plural("ru", { one: "задача", few: "задачи", many: "задач", other: "задачи" });
const andTasks = plural("ru", { one: "задачу", few: "задачи", many: "задач", other: "задачи" });

export const settings: Words["settings"] = {
  title: "Настройки",
  notForYou: "Доску и её колонки меняют только создатель и модераторы.",
  boardTitle: "Название",
  isPublic: "Публичная",
  makePublic: "Сделать публичной",
  makePrivate: "Сделать закрытой",
  publicText: (n) => `Любой, кто вошёл, сможет читать эту доску, ${andTasks(n)} на ней и архив.`,
  archive: "Доску в архив",
  unarchive: "Вернуть из архива",
  columns: "Колонки",
  labelTitle: "Название метки",
  newLabel: "Новая метка",
  deleteLabelText: (n) => `С ней ${tasks(n)}, считая архив.`,
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
