import type { Words } from "../en";

export const palette: Words["palette"] = {
  title: "Поиск и команды",
  words: "Задача, её ключ или команда",
  none: "Ничего не найдено.",
  commands: { new: "Новая задача", find: "Фильтр", mine: "Только мои", undo: "Отменить", redo: "Вернуть", help: "Клавиши" },
  places: { people: "Люди этой доски", settings: "Настройки этой доски", activity: "Что и когда произошло" },
};
