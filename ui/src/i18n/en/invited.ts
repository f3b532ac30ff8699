export const invited = {
  title: "You are invited",
  text: (who: string, board: string, role: string) => `${who} invites you to the board “${board}” (${role}).`,
  as: (name: string) => `You are signed in as ${name}.`,
  accept: "Join the board",
  register: "Create account and join",
  signIn: "Sign in and join",
  passwordSet: "The new password is set. Sign in with it.",
};
