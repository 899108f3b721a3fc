/* The socket of an attempt: the quick way for answers, and the only way to hear at once of a pause or more time.
   A heartbeat of our own notices a line that looks open and is dead, which browsers may take minutes to see. */

import { io } from "../../vendor/socket.io.js";
import { Problem } from "../lib/fetch.js";
import { problemFrom } from "./api.js";

const BEAT_MS = 8_000;
const PATIENCE_MS = 5_000;
const HEARD = [
  "clock.update",
  "attempt.paused",
  "attempt.resumed",
  "attempt.closed",
  "attempt.superseded",
  "announcement",
];

/** Tells: "open", "lost", "refused" (the server does not want this ticket), "time" {server_time, askedAt}, and what the
    server sends, with its payload as `detail`. */
export class Channel extends EventTarget {
  #socket;
  #beat;

  /** Opens the line for a ticket and keeps it open until `close`. */
  constructor(ticket) {
    super();
    this.#socket = io("/exam", {
      transports: ["websocket"],
      auth: { ticket },
      reconnectionDelay: 1_000,
      reconnectionDelayMax: 8_000,
      timeout: PATIENCE_MS * 2,
    });
    this.#socket.on("connect", () => {
      this.#tell("open");
      this.#listen();
    });
    this.#socket.on("disconnect", () => {
      clearTimeout(this.#beat);
      this.#tell("lost");
    });
    // An error without a type of its own is the namespace's answer, not the network's.
    this.#socket.on("connect_error", (error) => error.type || this.#tell("refused"));
    for (const event of HEARD) this.#socket.on(event, (payload) => this.#tell(event, payload));
  }

  get isOpen() {
    return this.#socket.connected;
  }

  /** Another namespace on the same line, with the same ticket. */
  namespace(name) {
    const socket = this.#socket.io.socket(name, { auth: this.#socket.auth });
    socket.connect();
    return socket;
  }

  /** Saves a batch; the reply or the Problem is that of the POST. No acknowledgement in time means that the line is dead. */
  async save(answers) {
    const reply = await this.#ask("answers.save", { answers });
    if (reply.status >= 400) throw problemFrom(reply);
    return reply;
  }

  close() {
    clearTimeout(this.#beat);
    this.#socket.disconnect();
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #ask(event, body) {
    return new Promise((resolve, reject) => {
      this.#socket.timeout(PATIENCE_MS).emit(event, body, (error, reply) => {
        if (!error) {
          resolve(reply);
          return;
        }
        this.#renew();
        reject(new Problem(0, { code: "offline" }));
      });
    });
  }

  /** Throws the line away; Socket.IO opens a new one. */
  #renew() {
    if (this.#socket.connected) this.#socket.io.engine?.close();
  }

  async #listen() {
    clearTimeout(this.#beat);
    const askedAt = performance.now();
    try {
      const { server_time: serverTime } = await this.#ask("clock.ask", {});
      this.#tell("time", { serverTime, askedAt });
    } catch {
      return;
    }
    this.#beat = setTimeout(() => this.#listen(), BEAT_MS);
  }
}
