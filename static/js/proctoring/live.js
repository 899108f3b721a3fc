/* The live board: a socket where there is one, else a question every few seconds. Both bring the same pictures: a whole
   one, then what changed. */

import { io } from "../../vendor/socket.io.js";
import { ServerClock } from "../lib/clock.js";
import { getJson } from "../lib/fetch.js";

const POLL_MS = 3_000;
const PATIENCE_MS = 5_000;
const DRIFT_MS = 2_000;

/** Tells "change" with the set of changed candidate ids (null: everything), and "line" when the connection changes. */
export class LiveBoard extends EventTarget {
  tiles = new Map();
  clock;
  line = "polling";
  heardAt;
  #cursor;
  #address;
  #question;

  /** `first`: the whole picture that came with the page; `roomId`: null for all rooms of the sitting. */
  constructor(first, roomId) {
    super();
    this.roomId = roomId;
    const sitting = first.sitting.sitting_id;
    this.#address = roomId ? `/api/v1/rooms/${roomId}/board` : `/api/v1/sittings/${sitting}/live-board`;
    this.#question = roomId ? { sitting_id: sitting, room_id: roomId } : { sitting_id: sitting };
    this.clock = new ServerClock(Date.parse(first.server_time) - Date.now());
    this.#take(first);
  }

  /** Opens the line. Until it stands, and whenever it breaks, the board is asked for. */
  open() {
    const socket = io("/proctor", { transports: ["websocket"], reconnectionDelayMax: 8_000 });
    socket.on("connect", () => this.#join(socket));
    socket.on("disconnect", () => this.#tellLine("polling"));
    socket.on("board.snapshot", (picture) => this.#take(picture));
    socket.on("board.delta", (picture) => this.#take(picture));
    setInterval(() => this.line === "live" || this.refresh(), POLL_MS);
  }

  /** Asks at once: without a socket, or after an act of our own. */
  async refresh() {
    try {
      this.#take(await getJson(`${this.#address}?since=${encodeURIComponent(this.#cursor)}`));
      if (this.line === "cut") this.#tellLine("polling");
    } catch {
      if (this.line !== "live") this.#tellLine("cut");
    }
  }

  #join(socket) {
    socket.timeout(PATIENCE_MS).emit("sitting.join", this.#question, (error, reply) => {
      if (!error && !(reply.status >= 400)) this.#tellLine("live");
    });
  }

  #take(picture) {
    const told = Date.parse(picture.server_time);
    if (Math.abs(told - this.clock.now()) > DRIFT_MS) this.clock = new ServerClock(told - Date.now());
    this.#cursor = picture.cursor;
    this.counts = picture.counts;
    this.heardAt = this.clock.now();
    if (picture.whole) {
      this.sitting = picture.sitting;
      this.rooms = picture.rooms;
      this.tiles = new Map(picture.tiles.map((tile) => [tile.candidate_id, tile]));
    } else {
      this.sitting = { ...this.sitting, state: picture.state };
      for (const tile of picture.tiles) this.tiles.set(tile.candidate_id, tile);
      for (const candidate of picture.gone) this.tiles.delete(candidate);
    }
    const changed = picture.whole ? null : new Set([...picture.tiles.map((tile) => tile.candidate_id), ...picture.gone]);
    this.dispatchEvent(new CustomEvent("change", { detail: changed }));
  }

  #tellLine(line) {
    if (line === this.line) return;
    this.line = line;
    this.dispatchEvent(new Event("line"));
  }
}
