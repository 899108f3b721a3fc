/* Small comforts of forms: one press sends once, passwords can be shown, files can be dropped. */

import { message } from "./messages.js";

function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  (event.submitter ?? form.querySelector("button[type=submit]"))?.setAttribute("aria-busy", "true");
}

function forgetSent() {
  // The back button shows the page as it was left: let it be sent again.
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
}

function revealPassword(box) {
  const input = box.querySelector("input");
  const button = box.querySelector("[data-reveal-button]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
    button.querySelector("span").textContent = message(show ? "hide" : "show");
  });
  // Browsers offer to remember it only as a password field.
  input.form?.addEventListener("submit", () => (input.type = "password"));
}

function dropFiles(box) {
  const input = box.querySelector("input[type=file]");
  const over = (is) => box.classList.toggle("is-over", is);
  box.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  box.addEventListener("dragleave", () => over(false));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** Wires the page's forms; data-autosubmit on a control sends its form when it changes. */
export function enhanceForms() {
  document.addEventListener("submit", sendOnce);
  window.addEventListener("pageshow", forgetSent);
  document.querySelectorAll("[data-reveal]").forEach(revealPassword);
  document.querySelectorAll("[data-drop]").forEach(dropFiles);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form?.requestSubmit();
  });
  document.querySelector("[data-focus]")?.focus();
}
