/* Rows of an answer form (options, statements, values, criteria): adding one without asking the server. */

import { message } from "../lib/messages.js";

const LETTERS = { option: "ABCDEFGH", statement: "abcdefgh" };

function renumber(row, name, index) {
  const letter = LETTERS[name]?.[index];
  if (letter) row.querySelector("[data-letter]").textContent = letter;
  row.querySelectorAll("input, textarea").forEach((field, place) => {
    if (field.type === "radio" && field.name.startsWith("truth-")) field.name = `truth-${index}`;
    else if (field.type === "radio" || field.type === "checkbox") field.value = String(index);
    else field.value = "";
    if (field.type === "radio" || field.type === "checkbox") field.checked = false;
    if (field.id) {
      const label = row.querySelector(`label[for="${CSS.escape(field.id)}"]`);
      field.id = `row-${name}-${index}-${place}-${Date.now()}`;
      if (label) {
        label.htmlFor = field.id;
        if (letter) label.textContent = message(`row_${name}`, { letter });
      }
    }
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  });
  row.querySelectorAll(".field-error").forEach((error) => error.remove());
}

function add(box) {
  const name = box.dataset.rows;
  const rows = box.querySelectorAll("[data-row]");
  if (LETTERS[name] && rows.length >= LETTERS[name].length) return;
  const row = rows[rows.length - 1].cloneNode(true);
  renumber(row, name, rows.length);
  rows[rows.length - 1].after(row);
  row.querySelector("textarea, input:not([type])")?.focus();
}

/** Adds rows in the browser; without script the button asks the server for a form with one more. */
export function enhanceRows() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-row]");
    if (!button) return;
    event.preventDefault();
    add(button.closest("[data-rows]"));
  });
}
