/* The theme changes at once and is told to the server in the background; the language needs the page again. */

import { send } from "./fetch.js";
import { toast } from "./toast.js";

function showChosen(theme) {
  document.documentElement.dataset.theme = theme;
  document.querySelectorAll('[data-preference="theme"] button[name="theme"]').forEach((button) => {
    if (button.value === theme) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
}

/** Wires the theme buttons of the page. */
export function enhancePreferences() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches('[data-preference="theme"]') || !event.submitter) return;
    event.preventDefault();
    showChosen(event.submitter.value);
    const body = new FormData(form);
    body.set("theme", event.submitter.value);
    try {
      await send(form.action, body);
    } catch (problem) {
      toast(problem.message, "warning");
    }
  });
}
