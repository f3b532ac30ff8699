/** When something was said: the day in words, and the time. */
import { clock } from "../api/clock";
import { dayWords } from "./dates";

export function saidWords(moment: string, language: string, now: Date = clock.now(), zone?: string): string {
  const time = new Intl.DateTimeFormat(language, { timeStyle: "short", timeZone: zone }).format(new Date(moment));
  return `${dayWords(moment, language, now, zone)}, ${time}`;
}
