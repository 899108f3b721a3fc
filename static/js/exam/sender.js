/* Sends what the candidate marks: outbox first, then the network, and out of the outbox exactly what was acknowledged.
   It never gives up by itself; what the server says decides. Tells "state", "paused", "ended", "superseded", "stranger"
   and "mended" {position}. */

import { MemoryOutbox } from "../lib/outbox.js";
import { isPassing } from "./api.js";
import { FLAGGED, markOfEntry } from "./sheet.js";

const MOST_ENTRIES = 100;
const MOST_BYTES = 200 * 1024;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 12_000;
const ENDS = { paused: "paused", closed: "ended", too_late: "ended", superseded: "superseded", bad_ticket: "stranger" };

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** One a machine and attempt. */
export class Sender extends EventTarget {
  #outbox;
  #transport;
  #sheet;
  #onReply;
  #adding = Promise.resolve();
  #draining = null;
  #again = false;
  #isStopped = false;
  #hurry = null;
  #failures = 0;
  #idle = [];
  waiting = 0;
  savedAt = null;

  /** `transport.save(entries)`, `transport.lastSeq()`; `onReply(reply, askedAt)` hears the server's clock. */
  constructor({ outbox, transport, sheet, onReply }) {
    super();
    this.#outbox = outbox;
    this.#transport = transport;
    this.#sheet = sheet;
    this.#onReply = onReply;
  }

  get isKept() {
    return this.#outbox.isKept;
  }

  get isFailing() {
    return this.#failures > 0;
  }

  /** Takes up what an earlier page left. */
  async open() {
    this.waiting = await this.#outbox.count();
    this.wake();
  }

  /** Writes one mark down and sends it. */
  record({ kind, position, value }) {
    const content = { position, [kind]: value ?? null, at: Date.now() };
    const replaces = (last) => last.position === position && kind in last;
    this.waiting += 1;
    this.#tell("state");
    this.#adding = this.#adding.then(() => this.#write(content, replaces));
    return this.#adding;
  }

  async #write(content, replaces) {
    try {
      await this.#outbox.add(content, replaces);
    } catch {
      await this.#moveToMemory(content);
    }
    this.waiting = await this.#outbox.count();
    this.#tell("state");
    this.wake();
  }

  /** The browser has stopped storing (disk full, cleared): go on in memory with the whole sheet, which fills all gaps. */
  async #moveToMemory(content = null) {
    const known = await this.#transport.lastSeq().catch(() => 0);
    this.#outbox = new MemoryOutbox(known);
    for (const mark of this.#sheet.marks()) await this.#outbox.add({ position: mark.position, [mark.kind]: mark.value });
    if (content && !this.#sheet.marks().length) await this.#outbox.add(content);
  }

  /** Sends now, whatever the waiting time was. */
  wake() {
    this.#hurry?.();
    if (this.#isStopped) return;
    if (this.#draining) {
      this.#again = true;
      return;
    }
    this.#again = false;
    this.#draining = this.#drain().finally(() => {
      this.#draining = null;
      // Something may have been written after the last look into the outbox.
      if (this.#again) this.wake();
    });
  }

  /** Sends nothing more until `go`. */
  stop() {
    this.#isStopped = true;
    this.#hurry?.();
  }

  go() {
    this.#isStopped = false;
    this.wake();
  }

  /** Resolves once everything written so far has arrived, with the highest number given. */
  async settled() {
    await this.#adding;
    if (this.waiting > 0) await new Promise((resolve) => this.#idle.push(resolve));
    return this.#outbox.lastSeq();
  }

  /** Fills numbers that the server misses and this machine no longer has; a repeated flag changes no answer. */
  async fill(seqs) {
    for (const seq of seqs) await this.#outbox.put(seq, this.#harmless(this.#sheet.items[0].position));
    this.waiting = await this.#outbox.count();
    this.wake();
  }

  /** Everything that has not arrived. */
  async left() {
    await this.#adding;
    return (await this.#outbox.all()).map(({ seq, content }) => ({ seq, ...content }));
  }

  async wipe() {
    this.stop();
    await this.#adding;
    await this.#outbox.wipe();
  }

  async #drain() {
    while (!this.#isStopped) {
      const batch = await this.#take();
      if (!batch.length) break;
      try {
        await this.#send(batch);
        this.#failures = 0;
      } catch (problem) {
        await this.#meet(problem, batch);
      }
      this.waiting = await this.#outbox.count();
      this.#tell("state");
    }
    if (this.waiting === 0) this.#idle.splice(0).forEach((resolve) => resolve());
  }

  async #take() {
    try {
      return await this.#outbox.take(MOST_ENTRIES, MOST_BYTES);
    } catch {
      await this.#moveToMemory();
      return this.#outbox.take(MOST_ENTRIES, MOST_BYTES);
    }
  }

  async #send(batch) {
    const askedAt = performance.now();
    const reply = await this.#transport.save(batch.map(({ seq, content }) => ({ seq, ...content })));
    await this.#outbox.remove(batch.map(({ seq }) => seq));
    this.savedAt = Date.parse(reply.server_time);
    this.#onReply(reply, askedAt);
  }

  async #meet(problem, batch) {
    if (isPassing(problem)) {
      this.#failures += 1;
      this.#tell("state");
      await this.#rest(problem.retryAfter ?? 0);
      return;
    }
    const event = ENDS[problem.code] ?? (problem.status === 404 || problem.status === 401 ? "stranger" : null);
    if (event) {
      this.#isStopped = true;
      this.#tell(event, { code: problem.code });
      return;
    }
    await this.#mend(problem, batch);
  }

  async #rest(retryAfter) {
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 1.7 ** (this.#failures - 1));
    // A whole room that lost its network must not come back in one instant.
    const spread = Math.max(wait, retryAfter * 1000) * (0.7 + 0.6 * Math.random());
    await Promise.race([pause(spread), new Promise((resolve) => (this.#hurry = resolve))]);
    this.#hurry = null;
  }

  /** A batch is refused whole for single entries: mend those, send the rest. */
  async #mend(problem, batch) {
    const named = new Set(problem.errors.map((error) => error.seq).filter((seq) => seq !== undefined));
    const bad = named.size ? batch.filter(({ seq }) => named.has(seq)) : batch.slice(0, 1);
    if (problem.code === "seq_conflict") await this.#renumber(bad);
    else for (const entry of bad) await this.#silence(entry);
  }

  /** These numbers hold something else at the server: what the sheet says now goes under fresh ones. */
  async #renumber(bad) {
    await this.#outbox.raise(await this.#transport.lastSeq());
    await this.#outbox.remove(bad.map(({ seq }) => seq));
    for (const { content } of bad) {
      const { kind, position } = markOfEntry(content);
      const value = this.#sheet.get(kind, position) ?? content[kind];
      await this.#outbox.add({ position, [kind]: value, at: Date.now() });
    }
  }

  /** The server cannot keep this content: its number goes on with something harmless, and the candidate hears of it. */
  async #silence({ seq, content }) {
    await this.#outbox.put(seq, this.#harmless(content.position));
    this.#tell("mended", { position: content.position });
  }

  #harmless(position) {
    return { position, [FLAGGED]: this.#sheet.get(FLAGGED, position) === true };
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
