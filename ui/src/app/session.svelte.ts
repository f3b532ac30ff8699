/** Who is signed in, and what this Doska is. */
import { Api } from "../api/client";
import { Offline, Problem } from "../api/problems";
import type { Me } from "../api/types";
import { Drafts } from "../board/drafts";
import { BrowserStore } from "../board/store";
import { i18n } from "../i18n/words.svelte";
import { prefix } from "../routes";
import { isMine } from "./preferences";

export interface About {
  version: string;
  registration: "open" | "closed";
  password_chars_min: number;
  has_people: boolean;
}

class Session {
  me = $state.raw<Me | null>(null);
  about = $state.raw<About | null>(null);
  /** `null` until it is known whether anybody is signed in. */
  state = $state<"asking" | "in" | "out" | "offline">("asking");
  /** The sign-in has ended under open work: a sheet asks for it again. */
  isSheetOpen = $state(false);

  async begin(): Promise<void> {
    try {
      const { data } = await api.read("/users/me");
      this.enter(data as Me);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.state = "out";
      else if (error instanceof Offline || error instanceof Problem) this.state = "offline";
      else throw error;
    }
  }

  /** Where boards and unsent work are kept: only on a computer that the person called their own. */
  get store(): BrowserStore | null {
    return this.me && isMine() ? new BrowserStore(this.me.id, prefix) : null;
  }

  enter(me: Me): void {
    this.me = me;
    this.state = "in";
    this.isSheetOpen = false;
  }

  async askAbout(): Promise<void> {
    this.about ??= (await api.get("/about").then((answer) => answer.json())) as About;
  }

  async leave(): Promise<void> {
    await api.write({ method: "POST", path: "/auth/logout" });
    if (this.me) {
      await new BrowserStore(this.me.id, prefix).clear().catch(() => undefined);
      new Drafts(this.me.id, prefix).clear();
    }
    this.me = null;
    this.state = "out";
  }
}

export const session = new Session();
export const api = new Api({ base: prefix, person: () => session.me?.id ?? null, language: () => i18n.language });
