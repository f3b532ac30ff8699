/** Holds a board's stream while its screen is open and looked at, and tries again where it cannot be had. */
import { follow, type Watching } from "../api/stream";

const HIDDEN_MS = 10_000;

export interface Watched extends Watching {
  /** Where the stream goes on from here; null: there is no board yet to go on from. */
  address(): string | null;
  /** Take a snapshot anew. */
  reopen(): void;
  /** The network is back. */
  online(): void;
}

export class Watch {
  isOpen = false;
  private unfollow: (() => void) | null = null;
  private hiding: ReturnType<typeof setTimeout> | undefined;
  private retrying: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly watched: Watched) {}

  begin(): void {
    this.isOpen = true;
    document.addEventListener("visibilitychange", this.lookedAt);
    addEventListener("online", this.online);
  }

  end(): void {
    this.isOpen = false;
    this.stop();
    clearTimeout(this.hiding);
    clearTimeout(this.retrying);
    document.removeEventListener("visibilitychange", this.lookedAt);
    removeEventListener("online", this.online);
  }

  follow(): void {
    this.stop();
    const address = this.watched.address();
    if (address && this.isOpen && !document.hidden) this.unfollow = follow(address, this.watched);
  }

  stop(): void {
    clearTimeout(this.retrying);
    this.unfollow?.();
    this.unfollow = null;
  }

  retry(ms: number): void {
    clearTimeout(this.retrying);
    this.retrying = setTimeout(() => this.watched.reopen(), ms);
  }

  private readonly lookedAt = (): void => {
    clearTimeout(this.hiding);
    // A hidden tab holds no stream: a browser has six connections for all tabs of a host.
    if (document.hidden) this.hiding = setTimeout(() => this.stop(), HIDDEN_MS);
    else if (!this.unfollow) this.follow();
  };

  private readonly online = (): void => this.watched.online();
}
