/** Who is signed in, and what this Doska is. */
import { Api } from "../api/client";
import { Problem } from "../api/problems";
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
  /** How large a file may be; an older server does not say. */
  attachment_bytes_max?: number;
}

const RETRY_MS = 5_000;

class Session {
  me = $state.raw<Me | null>(null);
  about = $state.raw<About | null>(null);
  /** `null` until it is known whether anybody is signed in. */
  state = $state<"asking" | "in" | "out" | "offline">("asking");
  /** Why nobody can be let in now. */
  problem = $state.raw<unknown>(null);
  /** The sign-in has ended under open work: a sheet asks for it again. */
  isSheetOpen = $state(false);
  /** Why: another person has signed in here, or it has just ended. */
  sheetWhy = $state.raw<Problem | null>(null);
  /** Texts that are typed and not saved. */
  drafts = $state.raw<Drafts | null>(null);
  private retrying: ReturnType<typeof setTimeout> | undefined;

  async begin(): Promise<void> {
    clearTimeout(this.retrying);
    try {
      this.enter(await api.json<Me>("/users/me", "id", "username", "name"));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.state = "out";
      else this.fail(error);
    }
  }

  /** Where boards and unsent work are kept: only on a computer that the person called their own. */
  get store(): BrowserStore | null {
    return this.me && isMine() ? new BrowserStore(this.me.id, prefix) : null;
  }

  enter(me: Me): void {
    if (this.me && this.me.id !== me.id) return location.reload(); // nothing of what is here is theirs
    this.drafts ??= new Drafts(me.id, prefix);
    this.me = me;
    this.state = "in";
    this.isSheetOpen = false;
  }

  /** The sign-in has ended under open work. */
  ended(why: Problem): void {
    this.sheetWhy = why;
    this.isSheetOpen = true;
  }

  async askAbout(): Promise<void> {
    this.about ??= await api.json<About>("/about", "registration", "has_people");
  }

  /** Make room for somebody else; what is kept here of this person stays theirs. */
  async stepOut(): Promise<void> {
    await api.write({ method: "POST", path: "/auth/logout" });
    [this.me, this.drafts, this.state] = [null, null, "out"];
  }

  /** Signed out: nothing of the person stays here. */
  async forget(): Promise<void> {
    if (this.me) await new BrowserStore(this.me.id, prefix).clear().catch(() => undefined);
    this.drafts?.clear();
    this.drafts = null;
    this.me = null;
    this.state = "out";
  }

  private fail(error: unknown): void {
    this.problem = error;
    if (this.state !== "in") this.state = "offline"; // what is on the screen stays
    this.retrying = setTimeout(() => void this.begin(), RETRY_MS);
  }
}

export const session = new Session();
export const api = new Api({ base: prefix, person: () => session.me?.id ?? null, language: () => i18n.language });
