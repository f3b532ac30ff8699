/** Where the person is: the address bar, as state. */
import { href, pathOf, prefix, routeOf, type Route } from "../routes";

function own(): string {
  const path = location.pathname.startsWith(prefix) ? location.pathname.slice(prefix.length) : location.pathname;
  return path + location.search;
}

class Router {
  route = $state.raw<Route>(routeOf(own()));
  /** The query of the address: filters live there, so that a view can be shared. */
  query = $state.raw(new URLSearchParams(location.search));
  /** Counts the ways gone forward in this tab: with none, back would leave Doska. */
  private depth = 0;

  constructor() {
    addEventListener("popstate", () => this.read());
    document.addEventListener("click", (event) => this.click(event));
  }

  go(route: Route, { replace = false, keepQuery = false } = {}): void {
    const address = href(route) + (keepQuery ? location.search : "");
    if (replace) history.replaceState(history.state, "", address);
    else history.pushState({ depth: ++this.depth }, "", address);
    this.read();
  }

  /** Change the query in place. */
  ask(query: URLSearchParams): void {
    const text = query.toString();
    history.replaceState(history.state, "", href(this.route).split("?")[0] + (text ? `?${text}` : ""));
    this.query = query;
  }

  /** Close a panel: the way one came, else the screen under it. */
  up(route: Route): void {
    if (this.depth > 0 && history.state?.depth) history.back();
    else this.go(route, { replace: true, keepQuery: true });
  }

  private read(): void {
    const route = routeOf(own());
    if (pathOf(route) !== pathOf(this.route)) this.route = route;
    this.query = new URLSearchParams(location.search);
  }

  /** Links of our own change the screen, unless another tab or a download is asked for. */
  private click(event: MouseEvent): void {
    const link = (event.target as Element | null)?.closest?.("a");
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || event.defaultPrevented || !isPlain || link.target || link.hasAttribute("download")) return;
    const url = new URL(link.href, location.href);
    if (url.origin !== location.origin || !url.pathname.startsWith(`${prefix}/`)) return;
    const route = routeOf(url.pathname.slice(prefix.length) + url.search);
    if (route.name === "lost") return;
    event.preventDefault();
    this.go(route, { keepQuery: link.hasAttribute("data-keep-query") });
  }
}

export const router = new Router();
