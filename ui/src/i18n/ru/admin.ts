import type { Words } from "../en";

export const admin: Words["admin"] = {
  administrator: "Администратор",
  disable: "Отключить",
  enable: "Включить",
  you: "вы",
  passwordLink: "Ссылка для пароля",
  linkText: (name) => `По этой ссылке ${name} один раз в течение часа задаст новый пароль. Она показывается только сейчас:`,
};
