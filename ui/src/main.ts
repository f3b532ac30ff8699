import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { session } from "./app/session.svelte";
import { theme } from "./app/theme";

theme.apply();
void session.begin();
mount(App, { target: document.getElementById("app")! });
