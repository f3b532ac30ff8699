/** What time it is by the server: a computer's own clock may be wrong by a day, and due days would be, too. */
const WRONG_MS = 10 * 60_000; // less than this is nobody's trouble
const SLOW_MS = 20_000; // an answer that took longer tells nothing: the computer may have slept

class Clock {
  private offset = 0;
  private tell: ((ms: number) => void) | null = null;

  /** Be told once how far this computer's clock is off (ms). */
  onWrong(tell: (ms: number) => void): void {
    this.tell = tell;
    if (this.offset) tell(this.offset);
  }

  /** Learn from an answer's `Date`, and from when it was asked for. */
  learn(date: string | null, asked: number, now: number = Date.now()): void {
    const told = date === null ? NaN : Date.parse(date);
    if (Number.isNaN(told) || now - asked > SLOW_MS || now < asked) return;
    const found = told - now;
    const was = this.offset;
    this.offset = Math.abs(found) > WRONG_MS ? found : 0;
    if (this.offset && !was) this.tell?.(this.offset);
  }

  now(): Date {
    return new Date(Date.now() + this.offset);
  }
}

export const clock = new Clock();
