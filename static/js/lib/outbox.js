/* What must reach the server, in order and exactly once: numbered lines of entries that outlive a reload.

   A number is allocated and its entry written in one transaction, so that no number is given twice and none is skipped.
   An entry that was never tried may still be changed; one that was tried keeps its content for ever, because the server
   may have it. Without IndexedDB the line lives in memory, and `isKept` says so. */

import { openDB } from "../../vendor/idb.js";

const DATABASE = "truongthi-outbox";

function upgrade(database) {
  const entries = database.createObjectStore("entries", { keyPath: ["line", "seq"] });
  entries.createIndex("line", "line");
  database.createObjectStore("counters");
}

/** Everything of one line, as a range of keys. */
function whole(line) {
  return IDBKeyRange.bound([line, 0], [line, Number.MAX_SAFE_INTEGER]);
}

function fits(batch, entry, most, bytes) {
  const size = JSON.stringify(entry.content).length * 3;
  if (batch.length && (batch.length === most || batch.size + size > bytes)) return false;
  batch.size = (batch.size ?? 0) + size;
  return true;
}

class StoredOutbox {
  isKept = true;
  #database;
  #line;

  constructor(database, line) {
    this.#database = database;
    this.#line = line;
  }

  /** Writes `content` under the next number; over the last entry if that was never tried and `replaces(it)`. */
  async add(content, replaces = () => false) {
    const change = this.#database.transaction(["entries", "counters"], "readwrite");
    const entries = change.objectStore("entries");
    const last = (await entries.openCursor(whole(this.#line), "prev"))?.value;
    const counter = (await change.objectStore("counters").get(this.#line)) ?? 0;
    const isChange = last !== undefined && last.seq === counter && !last.tried && replaces(last.content);
    const seq = isChange ? counter : counter + 1;
    entries.put({ line: this.#line, seq, content, tried: false });
    change.objectStore("counters").put(seq, this.#line);
    await change.done;
    return seq;
  }

  /** Writes `content` under this very number. */
  async put(seq, content) {
    await this.#database.put("entries", { line: this.#line, seq, content, tried: false });
  }

  /** The first entries [{seq, content}], at most `most` and about `bytes`; from now on they keep their content. */
  async take(most, bytes) {
    const change = this.#database.transaction("entries", "readwrite");
    const batch = [];
    let cursor = await change.store.openCursor(whole(this.#line));
    while (cursor && fits(batch, cursor.value, most, bytes)) {
      batch.push({ seq: cursor.value.seq, content: cursor.value.content });
      if (!cursor.value.tried) cursor.update({ ...cursor.value, tried: true });
      cursor = await cursor.continue();
    }
    await change.done;
    return batch;
  }

  /** All entries in order. */
  async all() {
    return this.#database.getAll("entries", whole(this.#line));
  }

  /** Forgets exactly these numbers: they have arrived. */
  async remove(seqs) {
    const change = this.#database.transaction("entries", "readwrite");
    for (const seq of seqs) change.store.delete([this.#line, seq]);
    await change.done;
  }

  /** How many entries wait. */
  async count() {
    return this.#database.count("entries", whole(this.#line));
  }

  /** The highest number that was given. */
  async lastSeq() {
    return (await this.#database.get("counters", this.#line)) ?? 0;
  }

  /** Numbers go on above `seq`: another machine has used those up to it. */
  async raise(seq) {
    const change = this.#database.transaction("counters", "readwrite");
    const counter = (await change.store.get(this.#line)) ?? 0;
    if (seq > counter) change.store.put(seq, this.#line);
    await change.done;
  }

  /** Leaves nothing of the line on this machine. */
  async wipe() {
    const change = this.#database.transaction(["entries", "counters"], "readwrite");
    change.objectStore("entries").delete(whole(this.#line));
    change.objectStore("counters").delete(this.#line);
    await change.done;
  }
}

/** The same in memory: for browsers that store nothing, and for trying out. */
export class MemoryOutbox {
  isKept = false;
  #entries = [];
  #counter;

  /** Numbers go on above `lastSeq`. */
  constructor(lastSeq = 0) {
    this.#counter = lastSeq;
  }

  async add(content, replaces = () => false) {
    const last = this.#entries.at(-1);
    if (last && last.seq === this.#counter && !last.tried && replaces(last.content)) last.content = content;
    else this.#entries.push({ seq: (this.#counter += 1), content, tried: false });
    return this.#counter;
  }

  async put(seq, content) {
    this.#entries = this.#entries.filter((entry) => entry.seq !== seq);
    this.#entries.push({ seq, content, tried: false });
    this.#entries.sort((one, other) => one.seq - other.seq);
  }

  async take(most, bytes) {
    const batch = [];
    for (const entry of this.#entries) {
      if (!fits(batch, entry, most, bytes)) break;
      entry.tried = true;
      batch.push({ seq: entry.seq, content: entry.content });
    }
    return batch;
  }

  async all() {
    return this.#entries.map((entry) => ({ ...entry }));
  }

  async remove(seqs) {
    const gone = new Set(seqs);
    this.#entries = this.#entries.filter((entry) => !gone.has(entry.seq));
  }

  async count() {
    return this.#entries.length;
  }

  async lastSeq() {
    return this.#counter;
  }

  async raise(seq) {
    this.#counter = Math.max(this.#counter, seq);
  }

  async wipe() {
    this.#entries = [];
    this.#counter = 0;
  }
}

/** The outbox of a line; in memory where this browser stores nothing. */
export async function openOutbox(line) {
  try {
    const database = await openDB(DATABASE, 1, { upgrade });
    return new StoredOutbox(database, line);
  } catch {
    return new MemoryOutbox();
  }
}
