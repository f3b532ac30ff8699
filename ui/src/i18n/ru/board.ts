import type { Words } from "../en";
import { plural } from "../words";

const tasks = plural("ru", { one: "задача", few: "задачи", many: "задач", other: "задачи" });
const hidden = plural("ru", { one: "задача скрыта", few: "задачи скрыты", many: "задач скрыто", other: "задачи скрыто" });

export const board: Words["board"] = {
  add: "Добавить",
  addTask: "Добавить задачу",
  addColumn: "Добавить колонку",
  taskTitle: "Название задачи",
  columnTitle: "Название колонки",
  firstColumn: "Назовите первую колонку",
  emptyColumn: "Перетащите сюда или нажмите C",
  hidden: (n) => hidden(n),
  clearFilter: "Показать все",
  moreTasks: (n) => `ещё ${n}`,
  tasks: (n) => tasks(n),
  of: (n, all) => `${n} из ${all}`,
  readOnly: { viewer: "Публичная доска: только просмотр", OBSERVER: "Вы наблюдатель на этой доске" },
  archived: "Эта доска в архиве.",
  move: "Переместить…",
  due: (when) => `срок ${when}`,
  subtasks: (done, all) => `подзадачи: ${done} из ${all}`,
  assigned: (names) => `исполнители: ${names}`,
  priority: (name) => `приоритет: ${name}`,
  full: (title, current, limit) => `Колонка «${title}» заполнена: ${current} из ${limit}.`,
  ops: {
    "task.add": (s) => `Создана задача «${s}»`,
    "task.move": (s) => `Перемещена задача «${s}»`,
    "task.rename": (s) => `Новое название: «${s}»`,
    "task.patch": (s) => `Изменена задача «${s}»`,
    "task.remove": (s) => `Удалена задача «${s}»`,
    "task.archive": (s) => `В архиве: «${s}»`,
    "tasks.add": (s) => `Создано задач: ${s}`,
    "tasks.patch": (s) => `Изменено задач: ${s}`,
    "column.add": (s) => `Создана колонка «${s}»`,
    "column.move": (s) => `Перемещена колонка «${s}»`,
    "column.patch": (s) => `Изменена колонка «${s}»`,
    "column.remove": (s) => `Удалена колонка «${s}»`,
    "board.patch": (s) => `Изменена доска «${s}»`,
    undo: (s) => `Отменено: ${s}`,
    redo: (s) => `Сделано снова: ${s}`,
  },
};
