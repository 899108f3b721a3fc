/* An attempt at the server, on this machine: fetches or remembers the paper, takes the pen of this machine, listens to the
   socket, and cleans up after the receipt. */

import { openOutbox } from "../lib/outbox.js";
import { message } from "../lib/messages.js";
import { Channel } from "./channel.js";
import { draftsOf, dropDraft, forgetDrafts, keepDraft } from "./drafts.js";
import { insist } from "./ending.js";
import { forgetPages, keepPictures } from "./offline.js";
import { keepReceipt } from "./receipts.js";
import { marksOfStatus, markOfEntry, Sheet } from "./sheet.js";
import { Signals } from "./signals.js";
import { sayPolitely, showStage, stage } from "./stages.js";
import { forgetComfort } from "./tools.js";
import { Work } from "./work.js";

const LOOK_MS = 30_000;
const SUPERSEDED = "superseded";

/** Holds the pen of an attempt on this machine, so that one tab writes and the others look on. */
async function takePen(attempt, onWaiting) {
  if (!navigator.locks) return;
  const name = `truongthi-pen-${attempt}`;
  const hold = (options) =>
    new Promise((resolve) => {
      navigator.locks.request(name, options, (lock) => {
        resolve(lock !== null);
        return lock && new Promise(() => {});
      });
    });
  if (await hold({ ifAvailable: true })) return;
  onWaiting();
  await hold({});
}

/** `onStranger` is called when the ticket is no longer good. */
export class SeatedAttempt {
  #seat;
  #api;
  #keeping;
  #clock;
  #ending;
  #onStranger;
  #channel = null;
  #signals = null;
  #work = null;
  #outbox = null;
  #looking = null;
  #hasLooked = false;

  constructor({ seat, api, keeping, clock, ending, onStranger }) {
    this.#seat = seat;
    this.#api = api;
    this.#keeping = keeping;
    this.#clock = clock;
    this.#ending = ending;
    this.#onStranger = onStranger;
  }

  /** Opens the sheet, from the server or, without network, from what this machine has kept. */
  async open() {
    this.#outbox = await openOutbox(`answers ${this.#seat.attempt}`);
    if (this.#seat.state === SUPERSEDED) return this.#moveAway();
    const facts = await this.#facts();
    if (!facts) return;
    const sheet = new Sheet(facts.paper);
    sheet.take(facts.marks);
    // What has not arrived is newer than what the server tells.
    sheet.take((await this.#outbox.all()).map(({ content }) => markOfEntry(content)));
    this.#work = new Work({
      root: stage("sheet"),
      ending: this.#ending,
      seat: this.#seat,
      sheet,
      outbox: this.#outbox,
      transport: this,
      clock: this.#clock,
      host: this.#host(),
    });
    await this.#takeUp(sheet, facts);
    keepPictures(facts.paper);
  }

  async #takeUp(sheet, facts) {
    let isSecond = false;
    const shown = { place: this.#seat.place ?? 0, startedAt: Date.parse(facts.started_at), deadline: Date.parse(facts.deadline) };
    const pen = takePen(this.#seat.attempt, () => {
      isSecond = true;
      showStage("sheet");
      sheet.goTo(shown.place);
      this.#work.setReadOnly(true);
      sayPolitely(message("read_only"));
    });
    await Promise.race([pen, new Promise((resolve) => setTimeout(resolve, 500))]);
    if (isSecond) {
      await this.#work.look(shown);
      await pen;
      // The other tab has gone: what it left is read anew.
      location.reload();
      return;
    }
    this.#listen();
    await this.#work.open({ ...shown, state: facts.state });
    for (const { kind, position, value } of draftsOf(this.#seat.attempt)) sheet.mark(kind, position, value || null);
  }

  /** The attempt was over when the page was opened. */
  async showEnd() {
    this.#outbox = await openOutbox(`answers ${this.#seat.attempt}`);
    const paper = (await this.#keeping.paper(this.#seat.attempt)) ?? { sections: [] };
    const questions = paper.sections.reduce((sum, section) => sum + section.items.length, 0) || this.#seat.questions;
    showStage("ending");
    this.#ending.showSending("closed");
    const receipt = await insist(() => this.#api.receipt());
    const told = {
      seat: { ...this.#seat, questions },
      receipt,
      reason: this.#seat.state === "submitted" ? "handed_in" : "closed",
      lost: await this.#outbox.count(),
    };
    this.#ending.showReceipt(told);
    await this.#tidy(told);
  }

  // ---- the transport of `Work` and `Sender`

  /** The socket first; the POST when it is away or has just died. Both run one function at the server. */
  async save(answers) {
    if (this.#channel?.isOpen) {
      try {
        return await this.#channel.save(answers);
      } catch (problem) {
        if (problem.code !== "offline") throw problem;
      }
    }
    return this.#api.save(answers);
  }

  async lastSeq() {
    return (await this.#api.status()).last_seq;
  }

  submit(lastSeq) {
    return this.#api.submit(lastSeq);
  }

  receipt() {
    return this.#api.receipt();
  }

  receiptDrawing() {
    return this.#api.receiptDrawing();
  }

  // ---- inside

  async #facts() {
    try {
      const started = await this.#start();
      const kept = await this.#keeping.paper(this.#seat.attempt);
      const paper = kept ?? (await insist(() => this.#api.paper()));
      if (!kept) await this.#keeping.keepPaper(this.#seat.attempt, paper);
      const status = await insist(() => this.#api.status());
      const marks = marksOfStatus(status);
      await this.#outbox.raise(status.last_seq);
      await this.#keeping.keepMarks(this.#seat.attempt, marks);
      await this.#keep({ state: status.state, started_at: started.started_at, deadline: status.deadline });
      return { ...status, started_at: started.started_at, paper, marks };
    } catch (problem) {
      return this.#factsWithout(problem);
    }
  }

  async #start() {
    const askedAt = performance.now();
    // A paper that was opened before needs no server to go on.
    const canWait = !this.#seat.deadline || !(await this.#keeping.paper(this.#seat.attempt));
    const started = await (canWait ? insist(() => this.#api.start()) : this.#api.start());
    this.#clock.hear(started.server_time, askedAt);
    return started;
  }

  async #factsWithout(problem) {
    if (problem.code === SUPERSEDED) return this.#moveAway();
    if (problem.code === "closed" || problem.code === "too_late") return this.showEnd();
    if (problem.status === 401 || problem.status === 404) return this.#onStranger();
    const paper = await this.#keeping.paper(this.#seat.attempt);
    if (problem.code === "paused" || !paper) return this.#again();
    const { state, started_at: startedAt, deadline } = this.#seat;
    return { state, started_at: startedAt, deadline, paper, marks: await this.#keeping.marks(this.#seat.attempt) };
  }

  async #again() {
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    return this.#facts();
  }

  #keep(changes) {
    Object.assign(this.#seat, changes, { wallOffset: this.#clock.wallOffset });
    return this.#keeping.keepSeat(this.#seat);
  }

  #host() {
    return {
      say: sayPolitely,
      showStage,
      keepMark: (mark) => this.#keeping.keepMark(this.#seat.attempt, mark).catch(() => null),
      onDraft: (draft) => keepDraft({ attempt: this.#seat.attempt, ...draft }),
      onWritten: (mark) => dropDraft({ attempt: this.#seat.attempt, ...mark }),
      onMove: (place) => this.#keep({ place }).catch(() => null),
      onSuperseded: () => this.#moveAway(),
      onStranger: () => this.#onStranger(),
      onDone: (told) => this.#tidy(told),
    };
  }

  #listen() {
    this.#channel = new Channel(this.#seat.ticket);
    const on = (event, hear) => this.#channel.addEventListener(event, ({ detail }) => hear(detail ?? {}));
    on("open", () => {
      this.#work.sender.wake();
      this.#look();
    });
    on("refused", () => this.#look());
    on("time", ({ serverTime, askedAt }) => this.#clock.hear(serverTime, askedAt));
    on("clock.update", ({ deadline }) => this.#hearState({ deadline }));
    on("attempt.paused", (told) => this.#hearState(told));
    on("attempt.resumed", (told) => this.#hearState(told));
    on("attempt.closed", (told) => this.#hearState(told));
    on("attempt.superseded", () => this.#moveAway());
    on("announcement", (announcement) => this.#work.announcements.tell(announcement));
    this.#signals = new Signals(stage("sheet"), this.#channel, sayPolitely);
    window.addEventListener("online", () => this.#work.sender.wake());
    this.#lookAgainAfter(LOOK_MS);
  }

  #hearState({ state, deadline }) {
    if (state) this.#work.setState(state);
    if (deadline) this.#work.setDeadline(deadline);
    this.#keep({ ...(state && { state }), ...(deadline && { deadline }) }).catch(() => null);
  }

  /** Asks how things stand: after each new connection, and now and then while there is no socket. */
  async #look() {
    const askedAt = performance.now();
    try {
      const seat = await this.#api.seat();
      this.#clock.hear(seat.server_time, askedAt);
      this.#work.announcements.catchUp(seat.announcements, { isFirst: !this.#hasLooked });
      this.#hasLooked = true;
      this.#hearState(seat);
    } catch (problem) {
      if (problem.code === SUPERSEDED) await this.#moveAway();
      else if (problem.status === 401 || problem.status === 404) this.#onStranger();
    }
  }

  #lookAgainAfter(ms) {
    this.#looking = setTimeout(async () => {
      if (!this.#channel.isOpen) await this.#look();
      this.#lookAgainAfter(LOOK_MS);
    }, ms);
  }

  #stop() {
    clearTimeout(this.#looking);
    this.#signals?.close();
    this.#channel?.close();
  }

  /** The exam goes on at another machine: hand in what is still here, say so, and leave nothing behind. */
  async #moveAway() {
    this.#stop();
    this.#work?.sender.stop();
    stage("sheet").inert = false;
    showStage("moved");
    stage("moved").querySelector("h1").focus();
    const left = (await this.#outbox.all()).map(({ seq, content }) => ({ seq, ...content }));
    for (let start = 0; start < left.length; start += 100) {
      await insist(() => this.#api.recovered(left.slice(start, start + 100))).catch(() => null);
    }
    const note = stage("moved").querySelector("[data-part=moved-note]");
    note.textContent = left.length ? message("moved_kept", { count: left.length }) : message("moved_nothing");
    await this.#wipe();
    return null;
  }

  async #tidy(told) {
    keepReceipt(this.#seat.sitting, told);
    this.#stop();
    // Answers that did not arrive in time stay here: someone may still want to see them.
    if (told.lost === 0) await this.#wipe();
  }

  async #wipe() {
    await this.#outbox.wipe();
    await this.#keeping.wipe(this.#seat);
    forgetComfort();
    forgetDrafts();
    await forgetPages();
  }
}
