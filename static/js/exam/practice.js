/* The practice sheet: the same sheet on a built-in paper, with a transport that never leaves this page. */

import { element, part } from "../lib/element.js";
import { MemoryOutbox } from "../lib/outbox.js";
import { message } from "../lib/messages.js";
import { ServerClock } from "../lib/clock.js";
import { Ending } from "./ending.js";
import { keepPage } from "./offline.js";
import { isBlank, Sheet, VALUE } from "./sheet.js";
import { showStage, stage } from "./stages.js";
import { LETTERS } from "./types/single_choice.js";
import { Work } from "./work.js";

const ANSWERS_MS = 150;

/** A journal in this page, with the replies of the real one. */
class LocalTransport {
  #seqs = new Map();
  #sheet;
  #clock;
  #deadline;

  constructor(sheet, clock, deadline) {
    this.#sheet = sheet;
    this.#clock = clock;
    this.#deadline = deadline;
  }

  async save(answers) {
    await new Promise((resolve) => setTimeout(resolve, ANSWERS_MS));
    for (const { seq, ...content } of answers) this.#seqs.set(seq, content);
    const now = new Date(this.#clock.now()).toISOString();
    return { acked_seq: answers.at(-1).seq, server_time: now, deadline: this.#deadline, state: "in_progress" };
  }

  async lastSeq() {
    return Math.max(0, ...this.#seqs.keys());
  }

  async submit(lastSeq) {
    return {
      receipt_code: "0000-0000-0000",
      answered: this.#sheet.answered,
      last_seq: lastSeq,
      submitted_at: new Date(this.#clock.now()).toISOString(),
      head: "practice",
    };
  }

  receipt() {
    return this.submit(0);
  }
}

function wordsFor(item, value) {
  if (isBlank(value)) return message("no_answer");
  if (item.type === "single_choice") return LETTERS[item.options.findIndex((option) => option.id === value)];
  if (item.type !== "true_false_group") return value;
  const truth = { true: message("true"), false: message("false"), null: "—" };
  return value.map((each, place) => `${"abcdefgh"[place]}) ${truth[each]}`).join("  ");
}

function record(sheet) {
  return sheet.items.map((item, place) =>
    element("tr", {}, element("th", { scope: "row" }, String(place + 1)), element("td", {}, wordsFor(item, sheet.get(VALUE, item.position)))),
  );
}

/** Opens the practice sheet of `config` {paper, seat}. */
export async function practise(config, { say }) {
  keepPage();
  const clock = new ServerClock();
  const startedAt = clock.now();
  const deadline = new Date(startedAt + config.paper.limit_seconds * 1000);
  const sheet = new Sheet(config.paper);
  const ending = new Ending(stage("ending"));
  const host = {
    say,
    showStage,
    keepMark: () => {},
    onDraft: () => {},
    onWritten: () => {},
    onMove: () => {},
    onSuperseded: () => {},
    onStranger: () => {},
    onDone: async () => ending.showRecord(record(sheet)),
  };
  const transport = new LocalTransport(sheet, clock, deadline.toISOString());
  const root = stage("sheet");
  const work = new Work({ root, ending, seat: config.seat, sheet, outbox: new MemoryOutbox(), transport, clock, host });
  part("practice-note", root).hidden = false;
  for (const button of document.querySelectorAll("[data-part=leave]")) button.addEventListener("click", () => location.reload());
  await work.open({ place: 0, startedAt, deadline: deadline.getTime(), state: "in_progress" });
}
