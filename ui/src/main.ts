import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { session } from "./app/session.svelte";
import { theme } from "./app/theme";
import { i18n } from "./i18n/words.svelte";

/** No `await` at the top of this file: the language that it waits for imports this very script, and both would wait for ever. */
async function begin(): Promise<void> {
  theme.apply();
  const asked = session.begin();
  await i18n.begin();
  mount(App, { target: document.getElementById("app")! });
  await asked;
}

// A page that comes back from the browser's cache may be somebody else's by now.
addEventListener("pageshow", (event) => event.persisted && void session.begin());
addEventListener("online", () => session.state === "offline" && void session.begin());
void begin();
