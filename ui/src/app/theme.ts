/** Light, dark, or as the system has it. */
export type Theme = "system" | "light" | "dark";
const KEY = "doska.theme";

function kept(): Theme {
  try {
    const found = localStorage.getItem(KEY);
    return found === "light" || found === "dark" ? found : "system";
  } catch {
    return "system"; // a browser that keeps nothing
  }
}

export const theme = {
  get choice(): Theme {
    return kept();
  },
  choose(choice: Theme): void {
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // For this page only.
    }
    this.apply(choice);
  },
  apply(choice: Theme = kept()): void {
    const root = document.documentElement;
    if (choice === "system") delete root.dataset.theme;
    else root.dataset.theme = choice;
  },
};
