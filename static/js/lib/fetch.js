/* Talking to our own server: the CSRF token goes along, problems become Problem errors with a sentence to show. */

import { message } from "./messages.js";

/** What the server refused: `status`, stable `code`, a sentence in `message`, `errors` by field. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || message("failed"));
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? "failed";
    this.errors = body.errors ?? [];
  }
}

/** The page's CSRF token. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

async function request(address, options) {
  let reply;
  try {
    reply = await fetch(address, { credentials: "same-origin", ...options });
  } catch {
    throw new Problem(0, { code: "offline", detail: message("offline") });
  }
  const isJson = /\bjson\b/.test(reply.headers.get("Content-Type") ?? "");
  const body = isJson ? await reply.json() : null;
  if (!reply.ok) throw new Problem(reply.status, body ?? {});
  return body;
}

/** GET as JSON. */
export function getJson(address) {
  return request(address, { headers: { Accept: "application/json" } });
}

/** POST (or another unsafe method) of a JSON body, a FormData or URLSearchParams; gives the reply's JSON, or null. */
export function send(address, body, method = "POST") {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  const isForm = body instanceof FormData || body instanceof URLSearchParams;
  if (!isForm) headers["Content-Type"] = "application/json";
  return request(address, { method, headers, body: isForm ? body : JSON.stringify(body ?? {}) });
}
