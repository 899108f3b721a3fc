/* What this page tells the invigilators of itself: a raised hand, and whether the exam is in front. States, not a film: after
   each new connection the present state is told once more. */

import { part } from "../lib/element.js";
import { message } from "../lib/messages.js";

/** Wires the button "raise-hand" and the page's visibility to the proctoring namespace of a channel. */
export class Signals {
  #socket;
  #button;
  #say;
  #seq = 0;
  #isRaised = false;

  constructor(root, channel, say) {
    this.#socket = channel.namespace("/proctor");
    this.#button = part("raise-hand", root);
    this.#say = say;
    this.#socket.on("connect", () => this.#tellAll());
    this.#button.addEventListener("click", () => this.#toggle());
    document.addEventListener("visibilitychange", () => this.#tell(this.#visibility));
    this.#button.hidden = false;
  }

  close() {
    this.#socket.disconnect();
  }

  get #visibility() {
    return document.hidden ? "page.hidden" : "page.shown";
  }

  #toggle() {
    this.#isRaised = !this.#isRaised;
    this.#button.setAttribute("aria-pressed", String(this.#isRaised));
    part("raise-hand-words", this.#button).textContent = message(this.#isRaised ? "lower_hand" : "raise_hand");
    // Without a line the invigilator cannot see it: then a real hand has to do.
    const told = this.#socket.connected ? "hand_is_up" : "hand_not_seen";
    this.#say(message(this.#isRaised ? told : "hand_is_down"));
    this.#tell(this.#isRaised ? "hand.raised" : "hand.lowered");
  }

  #tellAll() {
    this.#tell(this.#visibility);
    if (this.#isRaised) this.#tell("hand.raised");
  }

  #tell(kind) {
    if (!this.#socket.connected) return;
    this.#seq += 1;
    this.#socket.emit("events.report", { events: [{ seq: this.#seq, kind, at: Date.now() }] });
  }
}
