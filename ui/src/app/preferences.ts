/** What a person has chosen for this browser. */
const SINGLE_KEYS = "doska.single-keys";

/** Whether single characters are commands (WCAG 2.1.4: they can be switched off). */
export function singleKeys(): boolean {
  try {
    return localStorage.getItem(SINGLE_KEYS) !== "off";
  } catch {
    return true;
  }
}

export function setSingleKeys(areOn: boolean): void {
  try {
    localStorage.setItem(SINGLE_KEYS, areOn ? "on" : "off");
  } catch {
    // A browser that keeps nothing.
  }
}
