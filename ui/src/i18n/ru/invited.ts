import type { Words } from "../en";

export const invited: Words["invited"] = {
  title: "Вас приглашают",
  text: (who, board, role) => `${who} приглашает вас на доску «${board}» (${role}).`,
  as: (name) => `Вы вошли как ${name}.`,
  accept: "Присоединиться",
  register: "Создать аккаунт и присоединиться",
  signIn: "Войти и присоединиться",
  unknown: "В этом адресе нет ссылки. Откройте ссылку целиком, с тем, что после #.",
  passwordSet: "Новый пароль задан. Войдите с ним.",
};
