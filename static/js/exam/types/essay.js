/* An essay: a box that grows with the text, and the number of words. */

import { element } from "../../lib/element.js";
import { message } from "../../lib/messages.js";
import { VALUE } from "../sheet.js";
import { Slowly } from "./slowly.js";

const LONGEST = 40_000;

/** Words as Vietnamese teachers count them: what stands between spaces. */
export function wordCount(text) {
  return text.split(/\s+/).filter(Boolean).length;
}

/** The box of an item. */
export function build(item, sheet) {
  const id = `essay-${item.position}`;
  const slowly = new Slowly(sheet, VALUE, item.position);
  const words = element("p", { class: "field-hint figures", id: `${id}-words` });
  const box = element("textarea", {
    class: "input",
    id,
    rows: "10",
    maxlength: LONGEST,
    spellcheck: "false",
    "aria-describedby": `${id}-words`,
    oninput: () => {
      show();
      // NUL cannot be stored by every database; no keyboard makes one, but a paste may.
      slowly.take(box.value.replaceAll("\0", ""));
    },
    onblur: () => slowly.flush(),
  });
  const show = () => {
    const count = wordCount(box.value);
    const most = item.max_words;
    words.textContent = most ? message("words_of", { count, most }) : message("words", { count });
    words.classList.toggle("is-over", Boolean(most) && count > most);
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 4}px`;
  };
  const refresh = () => {
    if (slowly.isWaiting || document.activeElement === box) return;
    box.value = sheet.get(VALUE, item.position) ?? "";
    show();
  };
  const label = element("label", { class: "field-label", for: id }, message("your_essay"));
  return { node: element("div", { class: "essay" }, label, box, words), refresh, flush: () => slowly.flush() };
}
