import type { Words } from "../en";
import { plural } from "../words";

export const changes = plural("ru", { one: "изменение ждёт", few: "изменения ждут", many: "изменений ждут", other: "изменения ждут" });
const changesOf = plural("ru", { one: "изменение", few: "изменения", many: "изменений", other: "изменения" });
const hours = plural("ru", { one: "час", few: "часа", many: "часов", other: "часа" });
const days = plural("ru", { one: "день", few: "дня", many: "дней", other: "дня" });

export const common: Words["common"] = {
  name: "Doska",
  save: "Сохранить",
  cancel: "Отмена",
  close: "Закрыть",
  delete: "Удалить",
  undo: "Отменить",
  redo: "Вернуть",
  again: "Попробовать снова",
  more: "Ещё",
  menu: "Меню",
  messages: "Сообщения",
  loading: "Загрузка…",
  home: "Все доски",
  my: "Мои задачи",
  me: "Профиль",
  admin: "Люди",
  signOut: "Выйти",
  lost: {
    title: "Здесь ничего нет",
    text: "По этому адресу ничего нет, или у вас нет доступа.",
    removed: "У вас больше нет доступа к этой доске, или её удалили.",
    home: "К вашим доскам",
  },
  offline: {
    chip: (n) => (n ? `Нет сети · ${changes(n)}` : "Нет сети"),
    waiting: (n) => changes(n),
    old: (n) => `Неотправленных изменений старше 20 часов: ${n}. Возможно, они уже сделаны.`,
    doAgain: "Сделать снова",
    forget: "Забыть",
    page: "Doska не отвечает. Проверьте соединение.",
    failed: (n) => `Сервер не справился: ${changesOf(n)}. Ничего не потеряно, попробуйте позже.`,
    stale: "Такой доска была, когда её читали здесь в последний раз.",
  },
  failed: "Здесь что-то пошло не так. Ничего из введённого не потеряно.",
  tooLong: (n, max) => `Слишком длинно: ${n.toLocaleString("ru")} символов, а можно не больше ${max.toLocaleString("ru")}.`,
  notDone: (what, why) => `Не сделано: ${what}. ${why}`,
  textKept: "Введённое сохранено.",
  showText: "Показать",
  clock: (ahead, n) => `Часы этого компьютера ${ahead ? "спешат" : "отстают"} на ${n < 48 ? hours(n) : days(Math.round(n / 24))}. Doska сверяется с часами сервера.`,
  wait: "Подождать",
  request: (id) => `Запрос ${id}`,
  undone: (what) => `Отменено: ${what}`,
  redone: (what) => `Сделано снова: ${what}`,
  nothingToUndo: "На этой доске в этой вкладке отменять нечего.",
  priorities: { LOW: "Низкий", MEDIUM: "Средний", HIGH: "Высокий" },
  somebody: "Кто-то",
};
