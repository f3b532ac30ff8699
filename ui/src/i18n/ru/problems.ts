import type { Words } from "../en";

export const problems: Words["problems"] = {
  "column-full": (p) => `Колонка заполнена: ${p.current} из ${p.limit}.`,
  "limit-reached": (p) => `Достигнут предел: ${p.limit} (${p.of}).`,
  "not-allowed": () => "Ваша роль на этой доске этого не позволяет.",
  "not-found": () => "Этого больше нет, или у вас нет доступа.",
  "built-upon": () => "На этом уже построено другое, отменить нельзя.",
  "wrong-login": () => "Неверное имя или пароль.",
  unauthenticated: () => "Войдите снова.",
  "too-many-requests": () => "Слишком много запросов сразу. Продолжится само.",
  unavailable: () => "Сервер занят. Продолжится само.",
  "precondition-failed": () => "Кто-то успел раньше.",
};
