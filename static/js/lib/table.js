/* Filters the rows of a table that is wholly on the page: <input data-filter="#table-id">. Longer lists search on the server. */

import { message } from "./messages.js";

/** Text as it is compared: no tone or vowel marks, đ as d, lower case; so that "nguyen" finds "Nguyễn". */
export function searchKey(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
}

function filter(input, table, count) {
  const words = searchKey(input.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of table.tBodies[0].rows) {
    const text = searchKey(row.textContent);
    row.hidden = !words.every((word) => text.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  count.hidden = !words.length;
  count.textContent = words.length ? message("rows_shown", { shown, total: table.tBodies[0].rows.length }) : "";
}

/** Wires every filter box of the page. */
export function enhanceTables() {
  document.querySelectorAll("[data-filter]").forEach((input) => {
    const table = document.querySelector(input.dataset.filter);
    if (!table) return;
    const count = document.createElement("p");
    count.className = "field-hint figures";
    count.setAttribute("role", "status");
    count.hidden = true;
    input.closest(".field")?.append(count);
    input.addEventListener("input", () => filter(input, table, count));
  });
}
