/* The end: a calm sentence while the last answers travel, then the receipt. */

import { part } from "../lib/element.js";
import { timeOfDay } from "../lib/clock.js";
import { message } from "../lib/messages.js";
import { isPassing } from "./api.js";

const AGAIN_MS = 2_500;
const SEAL_TRIES = 12;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const day = new Intl.DateTimeFormat("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric" });

/** The stage of the end, inside `root`. */
export class Ending {
  #root;

  constructor(root) {
    this.#root = root;
    part("print", root).addEventListener("click", () => window.print());
  }

  /** "sending" or "receipt"; the heading of what is shown gets the focus. */
  #show(name) {
    for (const box of this.#root.querySelectorAll("[data-part^=ending-]")) box.hidden = box.dataset.part !== `ending-${name}`;
    part(`ending-${name}`, this.#root).querySelector("h1").focus();
  }

  /** While answers travel. `reason`: handed_in, time_over or closed. */
  showSending(reason) {
    part("sending-title", this.#root).textContent = message(`sending_${reason}`);
    this.setProgress(0, false);
    this.#show("sending");
  }

  /** How many answers still wait, and whether the network is away. */
  setProgress(waiting, isFailing) {
    const name = isFailing ? "sending_offline" : waiting ? "sending_waiting" : "sending_last";
    part("sending-note", this.#root).textContent = message(name, { count: waiting });
  }

  /** The receipt of {seat, receipt, reason, lost}: `lost` answers came too late. */
  showReceipt({ seat, receipt, reason, lost = 0 }) {
    const fill = (name, text) => (part(name, this.#root).textContent = text);
    const at = Date.parse(receipt.submitted_at);
    fill("receipt-title", message(`receipt_${reason}`));
    fill("receipt-code", receipt.receipt_code);
    fill("receipt-name", seat.full_name);
    fill("receipt-number", seat.number);
    fill("receipt-exam", seat.exam_title);
    fill("receipt-answered", message("answered_of", { answered: receipt.answered, total: seat.questions }));
    fill("receipt-at", `${timeOfDay(at)} ${day.format(at)}`);
    part("receipt-lost", this.#root).hidden = lost === 0;
    fill("receipt-lost-text", message("lost", { count: lost }));
    this.#show("receipt");
  }

  /** The picture of the QR code, once the receipt is sealed. */
  showDrawing(picture) {
    const image = part("receipt-drawing", this.#root);
    image.src = URL.createObjectURL(picture);
    image.hidden = false;
    part("receipt-drawing-note", this.#root).hidden = false;
  }

  /** What was recorded, for the practice sheet: [{number, words}]. */
  showRecord(rows) {
    const list = part("receipt-record", this.#root);
    list.hidden = false;
    part("record-rows", list).replaceChildren(...rows);
  }
}

/** Asks again and again, through whatever the network does, until `ask` gives something or is refused for good. */
export async function insist(ask) {
  for (;;) {
    try {
      return await ask();
    } catch (problem) {
      if (!isPassing(problem)) throw problem;
      await pause(Math.max(AGAIN_MS, (problem.retryAfter ?? 0) * 1000));
    }
  }
}

/** The receipt with its seal; without one if the worker takes too long. */
export async function sealedReceipt(api) {
  let receipt = await insist(() => api.receipt());
  for (let tries = 0; tries < SEAL_TRIES && !receipt.head; tries += 1) {
    await pause(AGAIN_MS);
    receipt = await insist(() => api.receipt());
  }
  return receipt;
}
