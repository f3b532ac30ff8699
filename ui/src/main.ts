import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { session } from "./app/session.svelte";
import { theme } from "./app/theme";
import { i18n } from "./i18n/words.svelte";

theme.apply();
// A page that comes back from the browser's cache may be somebody else's by now.
addEventListener("pageshow", (event) => event.persisted && void session.begin());
const asked = session.begin();
await i18n.begin();
void asked;
mount(App, { target: document.getElementById("app")! });
