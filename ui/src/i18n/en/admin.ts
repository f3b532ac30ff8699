export const admin = {
  administrator: "Administrator",
  disable: "Disable",
  enable: "Enable",
  you: "you",
  passwordLink: "Password link",
  linkText: (name: string) => `With this link ${name} sets a new password, once, within an hour. It is shown only now:`,
};
