/* Pieces of pages, drawn by our own server. The browser parses the reply as a document of its own, in which nothing runs;
   so no HTML text ever passes through a script, as Trusted Types demand. */

import { csrfToken } from "../lib/fetch.js";
import { message } from "../lib/messages.js";

/** POSTs a form and gives the document that came back; fails with the page's own sentence. */
export function askForMarkup(address, body) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "document";
    request.setRequestHeader("X-CSRF-Token", csrfToken());
    request.setRequestHeader("X-Piece", "1");
    request.onerror = () => reject(new Error(message("offline")));
    request.onload = () => {
      if (request.status < 400 && request.response) resolve(request.response);
      else reject(new Error(request.response?.querySelector("h1")?.textContent ?? message("failed")));
    };
    request.send(body);
  });
}
