/* The server's time on this machine. The machine's own clock may be wrong or be changed; it is only a stand-in after a
   reload without network, until the server speaks again. */

const DRIFT_MS = 400;

/** The server's clock, kept by a monotonic counter between what the server says. */
export class ServerClock {
  #offset;
  #error = Infinity;

  /** `wallOffset`: server time minus this machine's time, as it was last known. */
  constructor(wallOffset = 0) {
    this.#offset = Date.now() + wallOffset - performance.now();
  }

  /** Takes in a server time (RFC 3339) that was asked for at `askedAt` (performance.now()). */
  hear(serverTime, askedAt) {
    const heardAt = performance.now();
    const error = (heardAt - askedAt) / 2;
    const offset = Date.parse(serverTime) + error - heardAt;
    // The quickest answer is the truest; a much different one means that this machine slept.
    const hasMoved = Math.abs(offset - this.#offset) > error + this.#error + DRIFT_MS;
    if (error <= this.#error || hasMoved) {
      this.#offset = offset;
      this.#error = error;
    }
  }

  /** Milliseconds since 1970, by the server. */
  now() {
    return performance.now() + this.#offset;
  }

  /** Server time minus this machine's time, in milliseconds. */
  get wallOffset() {
    return this.now() - Date.now();
  }
}

const inVietnam = new Intl.DateTimeFormat("vi-VN", {
  timeZone: "Asia/Ho_Chi_Minh",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** `08:15:02` in Vietnam. */
export function timeOfDay(at) {
  return inVietnam.format(at);
}

/** `1:12:34` or `09:05`: how long these milliseconds are, rounded up to whole seconds, never below zero. */
export function lasting(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`;
}
