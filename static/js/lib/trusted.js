/* The one door through which HTML and script addresses from the server enter a page under Trusted Types.
   What comes in is checked again: the server has cleaned it already, and two walls are better than one. */

const ALLOWED = new Set(
  (
    "a abbr b blockquote br caption code col colgroup div em figcaption figure h3 h4 hr i img li ol p pre s small span " +
    "strong sub sup table tbody td tfoot th thead tr u ul annotation maction math menclose merror mfenced mfrac mi " +
    "mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup " +
    "mtable mtd mtext mtr munder munderover none semantics"
  ).split(" "),
);
const ADDRESSES = new Set(["href", "src", "xlink:href"]);
const WORKERS = new Set(["/sheet/sw.js"]);

const rules = {
  createHTML: (html) => html,
  createScriptURL: (address) => {
    if (!WORKERS.has(address)) throw new TypeError(`not one of our workers: ${address}`);
    return address;
  },
};
// Browsers without Trusted Types (Firefox ESR, Safari 16) take plain strings.
const policy = window.trustedTypes?.createPolicy("truongthi", rules) ?? rules;

function isOwnAddress(address) {
  return new URL(address, document.baseURI).origin === location.origin || address.startsWith("data:image/");
}

function clean(root) {
  for (const node of [...root.querySelectorAll("*")]) {
    if (!ALLOWED.has(node.localName)) {
      node.remove();
      continue;
    }
    for (const { name, value } of [...node.attributes]) {
      const isWrong = name.startsWith("on") || name === "style" || (ADDRESSES.has(name) && !isOwnAddress(value));
      if (isWrong) node.removeAttribute(name);
    }
  }
}

/** A fragment of the server's HTML, cleaned. */
export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(html ?? "");
  clean(template.content);
  return template.content;
}

/** The address of one of our service workers, as `register` wants it. */
export function workerAddress(address) {
  return policy.createScriptURL(address);
}
