/* The page of an import: a press on a letter sets the key, every change is saved in its place. */

import { message } from "../lib/messages.js";
import { toast } from "../lib/toast.js";
import { askForMarkup } from "./markup.js";
import { enhanceRows } from "./rows.js";
import { watchScrollers } from "./scrollers.js";

const clock = new Intl.DateTimeFormat("vi-VN", { timeStyle: "medium", timeZone: "Asia/Ho_Chi_Minh" });

function refreshSummary(piece) {
  document.querySelector("[data-summary]").replaceWith(piece.querySelector("[data-summary]"));
  const text = document.querySelector("[data-accept-all] span");
  if (text) text.textContent = piece.querySelector("[data-accept-text]").textContent;
}

async function save(form) {
  const card = form.closest("[data-draft]");
  const id = card.id;
  const isOpen = form.querySelector("[data-texts]")?.open;
  const chosen = card.querySelector('input[name="seq"]')?.checked;
  card.querySelector("[data-saved]").textContent = message("saving");
  try {
    // Not form.action: a button of the form is called "action" and would hide it.
    const piece = await askForMarkup(form.getAttribute("action"), new FormData(form));
    const fresh = piece.querySelector("[data-draft]");
    card.replaceWith(fresh);
    watchScrollers(fresh);
    refreshSummary(piece);
    const box = fresh.querySelector('input[name="seq"]');
    if (box) box.checked = Boolean(chosen);
    const texts = fresh.querySelector("[data-texts]");
    if (texts && isOpen) texts.open = true;
    document.getElementById(id).querySelector("[data-saved]").textContent = message("saved_at", { time: clock.format(new Date()) });
  } catch (problem) {
    card.querySelector("[data-saved]").textContent = "";
    toast(problem.message, "danger");
  }
}

document.addEventListener("click", (event) => {
  const letter = event.target.closest("[data-set-key]");
  if (!letter) return;
  const form = letter.closest("form");
  const radio = form.querySelector(`input[name="key"][value="${letter.dataset.setKey}"]`);
  radio.checked = true;
  save(form);
});

document.addEventListener("change", (event) => {
  // Selects and keys are saved at once; texts when the person presses "save", so that nobody is interrupted.
  const form = event.target.closest("[data-draft-form]");
  if (form && event.target.matches("select, input[type=radio]")) save(form);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-draft-form]")) return;
  event.preventDefault();
  save(event.target);
});

enhanceRows();
watchScrollers();
