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

const MINE = "doska.my-computer";

/** Whether boards and unsent work may be kept on this computer beyond the tab: asked once, at sign-in. */
export function isMine(): boolean {
  try {
    return localStorage.getItem(MINE) === "yes";
  } catch {
    return false;
  }
}

export function setMine(isIt: boolean): void {
  try {
    localStorage.setItem(MINE, isIt ? "yes" : "no");
  } catch {
    // A browser that keeps nothing keeps no boards either.
  }
}
