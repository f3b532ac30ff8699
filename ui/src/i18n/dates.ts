/** Days and times in words. Near days are told by the calendar of the viewer's zone, not by hours. */
import { clock } from "../api/clock";

export type Nearness = "late" | "today" | "soon" | "later";

/** The calendar day of a moment in a zone, as `2026-11-28`. */
export function dayOf(moment: Date, zone?: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(moment);
}

/** Days from one calendar day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

export interface Due {
  due_at: string | null;
  due_on?: string | null;
}

/** The due day: the one that was set, or that of the due moment where the viewer is. */
export function dueDay(due: Due, zone?: string): string | null {
  return due.due_on ?? (due.due_at ? dayOf(new Date(due.due_at), zone) : null);
}

export function nearness(due: Due, now: Date = clock.now(), zone?: string): Nearness | null {
  const day = dueDay(due, zone);
  if (!day) return null;
  const days = daysBetween(dayOf(now, zone), day);
  if (days < 0 || (due.due_at && new Date(due.due_at) < now)) return "late";
  return days === 0 ? "today" : days <= 7 ? "soon" : "later";
}

/** Say when: "today", "tomorrow", "3 May", "3 May 2027, 14:10". */
export function dueWords(due: Due, language: string, now: Date = clock.now(), zone?: string): string {
  const day = dueDay(due, zone);
  if (!day) return "";
  const days = daysBetween(dayOf(now, zone), day);
  const date = nearDay(day, days, language, now, zone);
  if (!due.due_at) return date;
  const time = new Intl.DateTimeFormat(language, { timeStyle: "short", timeZone: zone }).format(new Date(due.due_at));
  return `${date}, ${time}`;
}

/** Say the day of a moment: "today", "yesterday", "3 May". */
export function dayWords(moment: string, language: string, now: Date = clock.now(), zone?: string): string {
  const day = dayOf(new Date(moment), zone);
  return nearDay(day, daysBetween(dayOf(now, zone), day), language, now, zone);
}

function nearDay(day: string, days: number, language: string, now: Date, zone?: string): string {
  if (Math.abs(days) > 1) return dateWords(day, language, now, zone);
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day");
}

function dateWords(day: string, language: string, now: Date, zone?: string): string {
  const isThisYear = day.slice(0, 4) === dayOf(now, zone).slice(0, 4);
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", timeZone: "UTC", ...(!isThisYear && { year: "numeric" }) };
  return new Intl.DateTimeFormat(language, options).format(new Date(`${day}T00:00:00Z`));
}

/** Say a moment, with its time. */
export function momentWords(moment: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(moment));
}
