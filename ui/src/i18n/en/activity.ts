export const activity = {
  title: "What happened",
  slider: "Look back in time",
  asItWas: (when: string) => `The board as it was: ${when}.`,
  now: "Back to now",
  notForYou: "What happened here is for the people of the board.",
  by: "By",
  look: "Look",
  lookAt: (when: string) => `Look at the board as it was after this: ${when}`,
};
