/* One attempt from the opened paper to the receipt: joins sheet, outbox, network and screen. It decides nothing that the
   server decides; it shows what the server says and keeps every answer until it has arrived. */

import { part } from "../lib/element.js";
import { message } from "../lib/messages.js";
import { Announcements } from "./announcements.js";
import { Countdown } from "./countdown.js";
import { insist, sealedReceipt } from "./ending.js";
import { ItemView } from "./item_view.js";
import { listen } from "./keyboard.js";
import { QuestionMap } from "./question_map.js";
import { SaveState } from "./save_state.js";
import { Sender } from "./sender.js";
import { FLAGGED } from "./sheet.js";
import { Summary } from "./summary.js";
import { enhanceTools } from "./tools.js";

const AGAIN_MS = 2_500;

/** Reports to `host` {say, showStage, keepMark, onDraft, onWritten, onMove, onSuperseded, onStranger, onDone}. */
export class Work {
  #host;
  #root;
  #seat;
  #sheet;
  #transport;
  #clock;
  #sender;
  #items;
  #map;
  #countdown;
  #summary;
  #ending;
  #state = "in_progress";
  #isOver = false;
  #isReadOnly = false;

  constructor({ root, ending, seat, sheet, outbox, transport, clock, host }) {
    this.announcements = new Announcements(root, host.say);
    this.#host = host;
    this.#root = root;
    this.#seat = seat;
    this.#sheet = sheet;
    this.#transport = transport;
    this.#clock = clock;
    this.#ending = ending;
    this.#sender = new Sender({ outbox, transport, sheet, onReply: (reply, askedAt) => this.#hear(reply, askedAt) });
    this.#items = new ItemView(root, sheet);
    this.#map = new QuestionMap(root, sheet, (place) => this.#choose(place));
    this.#countdown = new Countdown(root, clock, host.say, () => this.#isReadOnly || this.#end("time_over"));
    this.#summary = new Summary(root, sheet, {
      onChoose: (place) => this.#choose(place),
      onSubmit: () => this.#end("handed_in"),
    });
    this.#join();
  }

  get sender() {
    return this.#sender;
  }

  #join() {
    new SaveState(this.#root, this.#sender, this.#host.say);
    enhanceTools(this.#root, this.#countdown);
    this.#sheet.addEventListener("change", ({ detail }) => this.#onChange(detail));
    this.#sheet.addEventListener("draft", ({ detail }) => this.#host.onDraft(detail));
    this.#sheet.addEventListener("move", () => this.#drawItem());
    this.#sender.addEventListener("paused", () => this.#onPaused());
    this.#sender.addEventListener("ended", ({ detail }) => this.#end(detail.code === "too_late" ? "time_over" : "closed"));
    this.#sender.addEventListener("superseded", () => this.#host.onSuperseded());
    this.#sender.addEventListener("stranger", () => this.#host.onStranger());
    this.#sender.addEventListener("mended", ({ detail }) => this.#onMended(detail.position));
    this.#sender.addEventListener("state", () => this.#ending.setProgress(this.#sender.waiting, this.#sender.isFailing));
    part("next", this.#root).addEventListener("click", () => this.#step(1));
    part("previous", this.#root).addEventListener("click", () => this.#step(-1));
    part("flag", this.#root).addEventListener("click", () => this.#flag());
    listen(
      {
        next: () => this.#step(1),
        previous: () => this.#step(-1),
        flag: () => this.#flag(),
        map: () => this.#map.toggle(true),
        time: () => this.#countdown.speak(),
        keys: () => part("keys", this.#root).showModal(),
        choose: (place) => this.#items.current.choose?.(place) ?? false,
      },
      () => this.#isOver || this.#state === "paused",
    );
  }

  /** Opens the sheet at `place`; the clock runs to `deadline`. */
  async open({ place, startedAt, deadline, state }) {
    this.#drawPerson();
    this.#sheet.goTo(place);
    this.#host.showStage("sheet");
    this.#items.show({ focus: true });
    this.startedAt = startedAt;
    this.#countdown.set(deadline, startedAt);
    this.setState(state);
    await this.#sender.open();
  }

  /** Shows how the sheet stands, for a tab without the pen. */
  async look({ place, startedAt, deadline }) {
    this.#drawPerson();
    this.#sheet.goTo(place);
    this.#items.show({ focus: true });
    this.startedAt = startedAt;
    this.#countdown.set(deadline, startedAt);
  }

  /** Another tab has the pen: nothing can be changed here. */
  setReadOnly(isReadOnly) {
    this.#isReadOnly = isReadOnly;
    part("read-only", this.#root).hidden = !isReadOnly;
    part("hand-in", this.#root).disabled = part("flag", this.#root).disabled = isReadOnly;
    this.#items.setReadOnly(isReadOnly);
  }

  /** The deadline has moved (more time, a pause given back). */
  setDeadline(deadline) {
    if (deadline && !this.#isOver) this.#countdown.set(Date.parse(deadline), this.startedAt);
  }

  /** in_progress, paused, submitted or closed, as the server says. */
  setState(state) {
    if (this.#isOver) return;
    if (state === "submitted" || state === "closed") {
      this.#end("closed");
      return;
    }
    const isPaused = state === "paused";
    const was = this.#state === "paused";
    this.#state = state;
    if (isPaused === was) return;
    this.#items.flush();
    this.#veil(isPaused);
    this.#countdown.hold(isPaused);
    if (isPaused) this.#sender.stop();
    else this.#sender.go();
  }

  #veil(isPaused) {
    const veil = part("veil");
    this.#summary.close();
    this.#root.classList.toggle("sheet-veiled", isPaused);
    this.#root.inert = isPaused;
    veil.hidden = !isPaused;
    (isPaused ? part("veil-title") : this.#items.current.number).focus();
    this.#host.say(message(isPaused ? "paused" : "resumed"));
  }

  #hear(reply, askedAt) {
    this.#clock.hear(reply.server_time, askedAt);
    if (reply.deadline && this.#state !== "paused") this.setDeadline(reply.deadline);
  }

  #onChange({ kind, position, value, isOwn }) {
    if (kind === FLAGGED) this.#drawFlag();
    if (!isOwn || this.#isReadOnly) return;
    this.#host.keepMark({ kind, position, value });
    this.#sender.record({ kind, position, value }).then(() => this.#host.onWritten({ kind, position, value }));
  }

  /** A pause that falls into the handing in only makes it wait. */
  #onPaused() {
    if (this.#isOver) setTimeout(() => this.#sender.go(), AGAIN_MS);
    else this.setState("paused");
  }

  #onMended(position) {
    const number = this.#sheet.items.findIndex((item) => item.position === position) + 1;
    this.#host.say(message("mended", { number }));
    this.announcements.tell({ id: `mended-${position}`, text: message("mended", { number }), at: new Date().toISOString() });
  }

  #choose(place) {
    this.#map.toggle(false);
    this.#items.flush();
    this.#sheet.goTo(place);
    this.#items.show({ focus: true });
  }

  #step(by) {
    const place = this.#sheet.place + by;
    if (place >= 0 && place < this.#sheet.size) this.#choose(place);
  }

  #flag() {
    if (this.#isReadOnly) return;
    const { position } = this.#sheet.item;
    this.#sheet.mark(FLAGGED, position, !this.#sheet.get(FLAGGED, position));
  }

  #drawPerson() {
    const { full_name: name, number, seat, room, form_code: form } = this.#seat;
    const facts = [number && message("number", { number }), room && message("room", { room }), seat && message("machine", { seat })];
    part("person-name", this.#root).textContent = name;
    part("person-facts", this.#root).textContent = [...facts, form && message("form", { form })].filter(Boolean).join(" · ");
  }

  #drawItem() {
    part("section", this.#root).textContent = this.#sheet.item.section.title;
    part("previous", this.#root).disabled = this.#sheet.place === 0;
    part("next", this.#root).disabled = this.#sheet.place === this.#sheet.size - 1;
    this.#drawFlag();
    this.#host.onMove(this.#sheet.place);
    (window.requestIdleCallback ?? setTimeout)(() => this.#items.prepare());
  }

  #drawFlag() {
    const isFlagged = this.#sheet.isFlagged(this.#sheet.item);
    const button = part("flag", this.#root);
    button.setAttribute("aria-pressed", String(isFlagged));
    part("flag-words", button).textContent = message(isFlagged ? "unflag" : "flag");
  }

  /** The one end, whatever brought it: send what there is, hand in, show the receipt. */
  async #end(reason) {
    if (this.#isOver) return;
    this.#items.flush();
    this.#isOver = true;
    this.#countdown.stop();
    for (const dialog of this.#root.querySelectorAll("dialog[open]")) dialog.close();
    part("veil").hidden = true;
    this.#ending.showSending(reason);
    this.#host.showStage("ending");
    const outcome = reason === "closed" ? null : await this.#handIn();
    await this.#showReceipt(outcome, reason);
  }

  /** Hands in once everything has arrived. Gives the receipt, or null when the server says that it is over. */
  async #handIn() {
    const over = new Promise((resolve) => this.#sender.addEventListener("ended", () => resolve("over")));
    this.#sender.go();
    for (;;) {
      const lastSeq = await Promise.race([this.#sender.settled(), over]);
      if (lastSeq === "over") return null;
      try {
        return await insist(() => this.#transport.submit(lastSeq));
      } catch (problem) {
        if (problem.code === "answers_missing") await this.#sender.fill(problem.missing);
        else if (problem.code === "paused") await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
        else return null;
      }
    }
  }

  async #showReceipt(outcome, reason) {
    const receipt = outcome ?? (await insist(() => this.#transport.receipt()));
    const lost = outcome ? 0 : this.#sender.waiting;
    const seat = { ...this.#seat, questions: this.#sheet.size };
    const told = !outcome && reason === "handed_in" ? "time_over" : reason;
    this.#ending.showReceipt({ seat, receipt, reason: told, lost });
    await this.#host.onDone({ seat, receipt, reason: told, lost });
    const sealed = await sealedReceipt(this.#transport);
    if (sealed.head && this.#transport.receiptDrawing) this.#ending.showDrawing(await this.#transport.receiptDrawing());
  }
}
