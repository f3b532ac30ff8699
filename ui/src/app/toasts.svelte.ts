/** Short sentences over the page: what was done, with its undo, and what was refused. */
export interface Toast {
  id: number;
  text: string;
  kind: "done" | "refused";
  action?: { label: string; run: () => void };
  requestId?: string | undefined;
  stays?: boolean;
}

const TOAST_MS = 8_000;

class Toasts {
  list = $state.raw<Toast[]>([]);
  /** What screen readers are told politely, and at once. */
  status = $state("");
  alert = $state("");
  private next = 1;
  private timers = new Map<number, ReturnType<typeof setTimeout>>();

  done(text: string, action?: Toast["action"]): void {
    this.show({ text, kind: "done", ...(action && { action }) });
    this.status = text;
  }

  refused(text: string, requestId?: string, action?: Toast["action"]): void {
    this.show({ text, kind: "refused", requestId, ...(action && { action }) });
    this.alert = text;
  }

  /** What stays until it is closed. */
  warn(text: string): void {
    this.show({ text, kind: "refused", stays: true });
    this.alert = text;
  }

  say(text: string): void {
    this.status = text;
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
    this.hold(id);
  }

  /** Stay while the pointer or the focus is on it. */
  hold(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  release(id: number): void {
    this.hold(id);
    if (this.list.find((one) => one.id === id)?.stays) return;
    this.timers.set(id, setTimeout(() => this.close(id), TOAST_MS));
  }

  private show(toast: Omit<Toast, "id">): void {
    const id = this.next++;
    // Undo takes back the latest action: an older toast would offer the wrong one.
    const others = toast.kind === "done" ? this.list.filter((one) => one.kind !== "done") : this.list;
    this.list = [...others.slice(-2), { ...toast, id }];
    this.release(id);
  }
}

export const toasts = new Toasts();
