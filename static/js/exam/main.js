/* The exam page: door, waiting room, sheet, receipt. One page, because a page that is already here needs no network. */

import { ServerClock } from "../lib/clock.js";
import { part } from "../lib/element.js";
import { enhanceMenus } from "../lib/menu.js";
import { message } from "../lib/messages.js";
import { enhanceDialogs } from "../lib/dialog.js";
import { enhancePreferences } from "../lib/preferences.js";
import { SeatApi, sittingState } from "./api.js";
import { showChecks } from "./checks.js";
import { Door } from "./door.js";
import { Ending } from "./ending.js";
import { openKeeping } from "./keeping.js";
import { keepPage } from "./offline.js";
import { practise } from "./practice.js";
import { SeatedAttempt } from "./seated_attempt.js";
import { forgetReceipt, lastReceipt } from "./receipts.js";
import { sayPolitely, showStage, stage } from "./stages.js";
import { WaitingRoom } from "./waiting_room.js";

const config = JSON.parse(document.getElementById("sheet-config").textContent);
const OVER = ["submitted", "closed"];
const AGAIN = "#again";

/** The page of one sitting. */
class ExamPage {
  #clock = new ServerClock();
  #keeping;
  #door;
  #ending;

  async open() {
    this.#keeping = await openKeeping();
    this.#ending = new Ending(stage("ending"));
    this.#door = new Door(stage("door"), config.sitting, (admission) => this.#sit(admission));
    for (const button of document.querySelectorAll("[data-part=leave]")) button.addEventListener("click", () => this.#leave());
    keepPage();
    const seat = await this.#keeping.seat(config.sitting);
    if (seat) await this.#resume(seat);
    else if (!this.#showLastReceipt()) await this.#showDoor();
  }

  async #showDoor() {
    showStage("door");
    if (location.hash === AGAIN) this.#door.tell(message("ticket_gone"));
    const askedAt = performance.now();
    let wallOffset = null;
    try {
      const { server_time: serverTime } = await sittingState(config.sitting);
      this.#clock.hear(serverTime, askedAt);
      wallOffset = this.#clock.wallOffset;
    } catch {
      this.#door.tell(message("offline"));
    }
    await showChecks(part("checks", stage("door")), { wallOffset });
  }

  #showLastReceipt() {
    const told = lastReceipt(config.sitting);
    if (!told) return false;
    showStage("ending");
    this.#ending.showReceipt(told);
    return true;
  }

  /** Let in: keeps the ticket, so that a reload needs no code. */
  async #sit(admission) {
    forgetReceipt();
    const seat = { sitting: config.sitting, attempt: admission.attempt_id, ticket: admission.ticket };
    await this.#keeping.keepSeat(seat);
    await this.#resume(seat);
  }

  /** Goes on with a kept seat: wherever the attempt is now. */
  async #resume(seat) {
    const api = new SeatApi(seat.attempt, seat.ticket);
    const known = await this.#seatFacts(api, seat);
    if (!known) return;
    const attempt = new SeatedAttempt({
      seat: known,
      api,
      keeping: this.#keeping,
      clock: this.#clock,
      ending: this.#ending,
      onStranger: () => this.#backToDoor(),
    });
    if (known.state === "admitted") await this.#wait(known);
    if (OVER.includes(known.state)) await attempt.showEnd();
    else await attempt.open();
  }

  async #wait(seat) {
    const room = new WaitingRoom(stage("waiting"), this.#clock);
    room.show(seat);
    showStage("waiting");
    await room.untilStarted(config.sitting);
  }

  /** The seat with what the server says of it; what was kept, when there is no network; null when it is not ours any more. */
  async #seatFacts(api, seat) {
    const askedAt = performance.now();
    try {
      const facts = await api.seat();
      this.#clock.hear(facts.server_time, askedAt);
      const known = { ...seat, ...facts };
      await this.#keeping.keepSeat({ ...known, wallOffset: this.#clock.wallOffset });
      return known;
    } catch (problem) {
      if (problem.status === 401 || problem.status === 404) return this.#backToDoor();
      if (problem.code === "superseded") return { ...seat, state: "superseded" };
      if (seat.wallOffset !== undefined) this.#clock = new ServerClock(seat.wallOffset);
      if (seat.state) return seat;
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      return this.#seatFacts(api, seat);
    }
  }

  /** The ticket is no longer good: back to the door, from a fresh page, with the work still in its outbox. */
  async #backToDoor() {
    await this.#keeping.forgetSeat(config.sitting);
    location.hash = AGAIN;
    location.reload();
    return null;
  }

  /** Someone else sits down at this machine. */
  async #leave() {
    const seat = await this.#keeping.seat(config.sitting);
    if (seat) await this.#keeping.wipe(seat);
    forgetReceipt();
    location.reload();
  }
}

enhanceMenus();
enhanceDialogs();
enhancePreferences();
if (config.practice) practise(config, { say: sayPolitely });
else new ExamPage().open();
