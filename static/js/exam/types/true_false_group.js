/* A group of statements, each true or false: a table of radio pairs. */

import { element, icon } from "../../lib/element.js";
import { message } from "../../lib/messages.js";
import { fragment } from "../../lib/trusted.js";
import { VALUE } from "../sheet.js";

const LETTERS = "abcdefgh";

function truthsOf(item, sheet) {
  return sheet.get(VALUE, item.position) ?? item.statements.map(() => null);
}

function cell(item, place, truth, sheet) {
  const words = message(truth ? "true" : "false");
  const radio = element("input", {
    type: "radio",
    name: `answer-${item.position}-${place}`,
    "aria-label": message("statement_is", { letter: LETTERS[place], truth: words }),
    onchange: () => mark(item, place, truth, sheet),
  });
  return { radio, node: element("td", { class: "mark" }, element("label", {}, radio)) };
}

function mark(item, place, truth, sheet) {
  const truths = [...truthsOf(item, sheet)];
  truths[place] = truth;
  sheet.mark(VALUE, item.position, truths.every((each) => each === null) ? null : truths);
}

function row(item, statement, place, sheet) {
  const content = element("span", { class: "statement-content" });
  content.append(fragment(statement.content));
  const yes = cell(item, place, true, sheet);
  const no = cell(item, place, false, sheet);
  const head = element("th", { scope: "row" }, element("span", { class: "statement-letter" }, `${LETTERS[place]})`), content);
  return { yes: yes.radio, no: no.radio, node: element("tr", {}, head, yes.node, no.node) };
}

/** The statements of an item as a table. */
export function build(item, sheet) {
  const rows = item.statements.map((statement, place) => row(item, statement, place, sheet));
  const head = (words, mark) => element("th", { scope: "col", class: mark && "mark" }, words);
  const table = element(
    "table",
    { class: "statements" },
    element("caption", { class: "visually-hidden" }, message("statements")),
    element("thead", {}, element("tr", {}, head(message("statement")), head(message("true"), true), head(message("false"), true))),
    element("tbody", {}, ...rows.map((each) => each.node)),
  );
  const clear = element(
    "button",
    { type: "button", class: "button button-quiet button-small", onclick: () => sheet.mark(VALUE, item.position, null) },
    icon("x"),
    element("span", {}, message("clear_marks")),
  );
  const refresh = () => {
    const truths = truthsOf(item, sheet);
    rows.forEach(({ yes, no, node }, place) => {
      yes.checked = truths[place] === true;
      no.checked = truths[place] === false;
      node.classList.toggle("is-marked", truths[place] !== null);
    });
    const isEmpty = truths.every((truth) => truth === null);
    clear.disabled = isEmpty;
  };
  return { node: element("div", { class: "statement-group" }, table, clear), refresh };
}
