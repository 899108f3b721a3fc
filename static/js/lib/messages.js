/* The words that scripts show. Pages put them, translated, into <script id="messages" type="application/json">. */

let words = null;

/** The sentence named `name`, its %(facts)s filled in; the bare name when a page forgot it. */
export function message(name, facts = {}) {
  words ??= JSON.parse(document.getElementById("messages")?.textContent ?? "{}");
  return (words[name] ?? name).replace(/%\((\w+)\)s/g, (whole, fact) => String(facts[fact] ?? whole));
}
