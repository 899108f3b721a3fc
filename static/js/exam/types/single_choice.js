/* Multiple choice with one right option: native radios in whole rows, and a cross beside each to rule it out. */

import { element, icon } from "../../lib/element.js";
import { message } from "../../lib/messages.js";
import { fragment } from "../../lib/trusted.js";
import { ELIMINATED, VALUE } from "../sheet.js";

export const LETTERS = "ABCDEFGH";

function row(item, option, place, sheet) {
  const letter = LETTERS[place];
  const radio = element("input", {
    type: "radio",
    name: `answer-${item.position}`,
    value: option.id,
    onchange: () => sheet.mark(VALUE, item.position, option.id),
  });
  const content = element("span", { class: "option-content" });
  content.append(fragment(option.content));
  const label = element("label", { class: "option" }, radio, element("span", { class: "option-letter" }, `${letter}.`), content);
  const strike = element(
    "button",
    {
      type: "button",
      class: "button button-quiet button-icon option-strike",
      "aria-pressed": "false",
      title: message("rule_out", { letter }),
      onclick: () => toggle(item, option.id, sheet),
    },
    icon("eraser"),
    element("span", { class: "visually-hidden" }, message("rule_out", { letter })),
  );
  return { id: option.id, radio, label, strike, node: element("div", { class: "option-row" }, label, strike) };
}

function toggle(item, id, sheet) {
  const out = new Set(sheet.get(ELIMINATED, item.position) ?? []);
  if (!out.delete(id)) out.add(id);
  sheet.mark(ELIMINATED, item.position, [...out]);
}

/** The options of an item as a fieldset; `refresh` shows what the sheet says. */
export function build(item, sheet) {
  const rows = item.options.map((option, place) => row(item, option, place, sheet));
  const clear = element(
    "button",
    { type: "button", class: "button button-quiet button-small", onclick: () => sheet.mark(VALUE, item.position, null) },
    icon("x"),
    element("span", {}, message("clear_choice")),
  );
  const legend = element("legend", { class: "visually-hidden" }, message("options"));
  const node = element("fieldset", { class: "options" }, legend, ...rows.map((each) => each.node), clear);
  const refresh = () => {
    const chosen = sheet.get(VALUE, item.position) ?? null;
    const out = new Set(sheet.get(ELIMINATED, item.position) ?? []);
    for (const { id, radio, label, strike } of rows) {
      radio.checked = id === chosen;
      label.classList.toggle("is-chosen", id === chosen);
      label.classList.toggle("is-eliminated", out.has(id));
      strike.setAttribute("aria-pressed", String(out.has(id)));
    }
    clear.disabled = chosen === null;
  };
  /** Chooses the option at a place, from 0, as the keys 1–8 and A–H do. */
  const choose = (place) => {
    if (!rows[place] || rows[place].radio.disabled) return false;
    rows[place].radio.focus();
    sheet.mark(VALUE, item.position, rows[place].id);
    return true;
  };
  return { node, refresh, choose };
}
