export const invited = {
  title: "You are invited",
  text: (who: string, board: string, role: string) => `${who} invites you to the board “${board}” (${role}).`,
  as: (name: string) => `You are signed in as ${name}.`,
  accept: "Join the board",
  register: "Create account and join",
  signIn: "Sign in and join",
  unknown: "There is no link in this address. Open the whole link, with what stands after the #.",
  passwordSet: "The new password is set. Sign in with it.",
};
