import type { Words } from "../en";
import { plural } from "../words";
import { changes } from "./common";

const drafts = plural("ru", { one: "черновик не сохранён", few: "черновика не сохранены", many: "черновиков не сохранено", other: "черновика не сохранено" });
const files = plural("ru", { one: "файл ещё отправляется", few: "файла ещё отправляются", many: "файлов ещё отправляются", other: "файла ещё отправляются" });

export const me: Words["me"] = {
  name: "Имя",
  saved: "Сохранено",
  looks: "Вид и клавиши",
  language: "Язык",
  asBrowser: "Как в браузере",
  theme: "Тема",
  themes: { system: "Как в системе", light: "Светлая", dark: "Тёмная" },
  singleKeys: "Одиночные буквы на доске — команды",
  draftOf: (kind) => ({ title: "название", comment: "комментарий", body: "комментарий", description: "описание", new: "новая задача", subtask: "подзадача", column: "новая колонка" })[kind] ?? "текст",
  drafts: "Несохранённые черновики",
  currentPassword: "Текущий пароль",
  newPassword: "Новый пароль",
  changePassword: "Сменить пароль",
  passwordChanged: "Пароль изменён; другие входы завершены.",
  signIns: "Где вы вошли",
  thisOne: "этот",
  end: "Завершить",
  endOthers: "Завершить остальные",
  tokens: "Токены доступа",
  tokensText: "Для скриптов и агентов вместо вашего пароля.",
  tokenName: "Для чего",
  scope: "Может",
  scopes: { read: "читать", write: "читать и писать", admin: "что и администратор" },
  days: "Дней",
  makeToken: "Создать токен",
  shownOnce: "Токен показывается только сейчас. Попробуйте:",
  lastUsed: (when) => `использован ${when}`,
  neverUsed: "не использован",
  unsent: (n, kept, sent) => `${[n && changes(n) + " отправки", kept && drafts(kept), sent && files(sent)].filter(Boolean).join(", ")}. Это есть только в этом браузере.`,
  saveFile: "Сохранить в файл",
  discardAndLeave: "Удалить и выйти",
  copied: "Скопировано",
};
