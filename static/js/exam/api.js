/* The calls of a candidate's browser (docs: the public contract). Refusals are Problems; no answer is a Problem "offline". */

import { csrfToken, Problem } from "../lib/fetch.js";
import { message } from "../lib/messages.js";

const BASE = "/api/v1";
const PATIENCE_MS = 15_000;

async function call(address, { method = "GET", ticket, body, forgery = false, type = "json" } = {}) {
  const headers = { Accept: "application/json" };
  if (ticket) headers.Authorization = `Bearer ${ticket}`;
  if (forgery) headers["X-CSRFToken"] = csrfToken();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let reply;
  try {
    reply = await fetch(address, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: ticket ? "omit" : "same-origin",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (reply.ok) return await reply[type]();
  } catch {
    throw new Problem(0, { code: "offline", detail: message("offline") });
  }
  throw await problemOf(reply);
}

async function problemOf(reply) {
  const document = await reply.json().catch(() => ({}));
  const problem = new Problem(reply.status, document);
  problem.retryAfter = Number(reply.headers.get("Retry-After")) || 0;
  problem.missing = document.missing ?? [];
  return problem;
}

/** A Problem from the document that came as a socket's acknowledgement. */
export function problemFrom(document) {
  return Object.assign(new Problem(document.status, document), { retryAfter: 0, missing: document.missing ?? [] });
}

/** Whether nothing was said about the request itself: it may be sent again as it is. */
export function isPassing(problem) {
  return !(problem instanceof Problem) || problem.status === 0 || problem.status === 429 || problem.status >= 500;
}

/** {state, starts_at, server_time} of a sitting. */
export function sittingState(sitting) {
  return call(`/sheet/${sitting}/state`);
}

/** Lets a candidate in by number and code, or the signed-in pupil with `{}`: {attempt_id, ticket, expires_at}. */
export function admit(sitting, body) {
  return call(`${BASE}/sittings/${sitting}/admissions`, { method: "POST", body, forgery: true });
}

/** The calls of one seat. */
export class SeatApi {
  #attempt;
  #ticket;

  constructor(attempt, ticket) {
    this.#attempt = attempt;
    this.#ticket = ticket;
  }

  #own(what, options = {}) {
    return call(`${BASE}/attempts/${this.#attempt}${what}`, { ticket: this.#ticket, ...options });
  }

  /** Who sits here, how things stand and what was announced. */
  seat() {
    return call(`/sheet/attempts/${this.#attempt}/seat`, { ticket: this.#ticket });
  }

  start() {
    return this.#own("/start", { method: "POST", body: {} });
  }

  paper() {
    return this.#own("/paper");
  }

  status() {
    return this.#own("");
  }

  save(answers) {
    return this.#own("/answers", { method: "POST", body: { answers } });
  }

  submit(lastSeq) {
    return this.#own("/submit", { method: "POST", body: { last_seq: lastSeq } });
  }

  receipt() {
    return this.#own("/receipt");
  }

  recovered(answers) {
    return this.#own("/recovered", { method: "POST", body: { answers } });
  }

  /** The receipt's QR code as a picture. */
  receiptDrawing() {
    return call(`/sheet/attempts/${this.#attempt}/receipt.svg`, { ticket: this.#ticket, type: "blob" });
  }
}
