/** The interface's own addresses. The API owns the rest. */
import { isId } from "./api/ids";

export type Route =
  | { name: "sign-in"; next?: string }
  | { name: "sign-up"; next?: string }
  | { name: "boards" }
  | { name: "board"; board: string; task?: string; view?: "people" | "settings" | "activity" }
  | { name: "my" }
  | { name: "me" }
  | { name: "admin" }
  | { name: "invited" }
  | { name: "password" }
  | { name: "lost" };

/** The prefix under which a proxy serves Doska, written into the page by the server. */
export const prefix: string = globalThis.document?.querySelector<HTMLMetaElement>('meta[name="doska-prefix"]')?.content ?? "";

const PLAIN = ["sign-in", "sign-up", "my", "me", "admin", "invited", "password"] as const;
const VIEWS = ["people", "settings", "activity"] as const;

/** Read an address (path and query) of the page, without the prefix. */
export function routeOf(address: string): Route {
  const url = new URL(address, "http://page");
  const [first = "", id = "", view = "", task = "", ...more] = url.pathname.slice(1).split("/").filter(Boolean);
  if (!first) return { name: "boards" };
  const plain = PLAIN.find((name) => name === first);
  if (plain && !id) return withNext(plain, url.searchParams.get("next"));
  if (first !== "b" || !isId(id) || more.length) return { name: "lost" };
  const board = id.toLowerCase();
  if (!view) return { name: "board", board };
  if (view === "t" && isId(task)) return { name: "board", board, task: task.toLowerCase() };
  const known = VIEWS.find((name) => name === view);
  return known && !task ? { name: "board", board, view: known } : { name: "lost" };
}

function withNext(name: (typeof PLAIN)[number], next: string | null): Route {
  if (name !== "sign-in" && name !== "sign-up") return { name };
  // Only ways of our own: whatever else stands there is no address to send somebody to.
  const isOurs = next?.startsWith("/") && !next.startsWith("//") && routeOf(next).name !== "lost";
  return isOurs ? { name, next: next! } : { name };
}

/** Write an address, without the prefix. */
export function pathOf(route: Route): string {
  switch (route.name) {
    case "boards":
      return "/";
    case "board":
      return `/b/${route.board}${route.task ? `/t/${route.task}` : route.view ? `/${route.view}` : ""}`;
    case "sign-in":
    case "sign-up":
      return `/${route.name}${route.next ? `?next=${encodeURIComponent(route.next)}` : ""}`;
    default:
      return `/${route.name}`;
  }
}

/** Write an address as a link has it. */
export function href(route: Route): string {
  return prefix + pathOf(route);
}
