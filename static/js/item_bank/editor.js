/* The item editor: tools that put marks, formulas and pictures at the cursor, and the preview that follows. */

import { send } from "../lib/fetch.js";
import { message } from "../lib/messages.js";
import { toast } from "../lib/toast.js";
import { askForMarkup } from "./markup.js";
import { enhanceRows } from "./rows.js";

const PREVIEW_AFTER_MS = 350;
const editor = document.querySelector("[data-editor]");
const form = editor.querySelector("form");
const target = editor.querySelector("[data-preview-target]");
let area = form.querySelector("[data-source]");

function insert(before, after, placeholder = "") {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const inside = value.slice(start, end) || placeholder;
  area.focus();
  area.setRangeText(before + inside + after, start, end, "end");
  area.setSelectionRange(start + before.length, start + before.length + inside.length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

async function addPicture(input) {
  const body = new FormData();
  body.append("file", input.files[0]);
  try {
    const picture = await send(editor.dataset.pictures, body);
    insert(picture.source, "");
  } catch (problem) {
    toast(problem.message || message("picture_failed"), "danger");
  } finally {
    input.value = "";
  }
}

let asked = 0;

async function preview() {
  const mine = (asked += 1);
  try {
    const piece = await askForMarkup(editor.dataset.preview, new FormData(form));
    // A slow answer to an older text must not replace a newer one.
    if (mine === asked) target.replaceChildren(...piece.body.childNodes);
  } catch {
    // The preview is a comfort: the next keystroke tries again, saving tells what is wrong.
  }
}

function enhanceTools() {
  editor.querySelector("[data-tools]").hidden = false;
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-source]")) area = event.target;
  });
  editor.querySelectorAll("[data-wrap]").forEach((button) => {
    button.addEventListener("click", () => insert(`<${button.dataset.wrap}>`, `</${button.dataset.wrap}>`));
  });
  editor.querySelector("[data-formula]").addEventListener("click", () => insert("\\(", "\\)", "x^2"));
  editor.querySelector("[data-picture]").addEventListener("change", (event) => addPicture(event.target));
}

function enhancePreview() {
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(preview, PREVIEW_AFTER_MS);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  const widths = editor.querySelector("[data-widths]");
  widths.hidden = false;
  widths.addEventListener("click", (event) => {
    const button = event.target.closest("[data-width]");
    if (!button) return;
    target.classList.toggle("is-phone", button.dataset.width === "phone");
    widths.querySelectorAll("button").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
  });
}

enhanceRows();
enhanceTools();
enhancePreview();
