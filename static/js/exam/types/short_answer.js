/* A typed short answer. What the national answer sheet cannot hold is taken back at once, with the reason; so what stands
   in the box is what is recorded. */

import { element } from "../../lib/element.js";
import { message } from "../../lib/messages.js";
import { VALUE } from "../sheet.js";
import { objection, placesUsed, understood } from "./short_answer_rules.js";
import { Slowly } from "./slowly.js";

function hintFor(item, text) {
  if (!text.trim()) return message(item.format === "text" ? "type_answer" : "type_number");
  const meaning = understood(item.format, text);
  return meaning === null ? message("not_a_number") : message("understood", { meaning });
}

/** The box of an item, with what the system understands under it. */
export function build(item, sheet) {
  const id = `short-${item.position}`;
  const slowly = new Slowly(sheet, VALUE, item.position);
  let accepted = "";
  const hint = element("p", { class: "short-meaning", id: `${id}-hint` });
  const places = element("p", { class: "field-hint figures", id: `${id}-places` });
  const why = element("p", { class: "field-hint short-why", role: "status" });
  const box = element("input", {
    class: "input",
    id,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-describedby": `${id}-hint ${id}-places`,
    oninput: (event) => event.isComposing || read(),
    oncompositionend: () => read(),
    onblur: () => slowly.flush(),
  });
  const show = () => {
    hint.textContent = hintFor(item, box.value);
    hint.classList.toggle("is-understood", understood(item.format, box.value) !== null);
    places.textContent = item.format === "thpt" ? message("places_used", { used: placesUsed(box.value) }) : "";
  };
  const read = () => {
    const wrong = objection(item.format, box.value);
    why.textContent = wrong ? message(wrong) : "";
    if (wrong) box.value = accepted;
    accepted = box.value;
    show();
    slowly.take(accepted);
  };
  const refresh = () => {
    if (slowly.isWaiting || document.activeElement === box) return;
    box.value = accepted = sheet.get(VALUE, item.position) ?? "";
    show();
  };
  const label = element("label", { class: "field-label", for: id }, message("your_answer"));
  return { node: element("div", { class: "short" }, label, box, hint, places, why), refresh, flush: () => slowly.flush() };
}
