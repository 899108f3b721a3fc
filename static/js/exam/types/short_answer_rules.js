/* What a typed short answer stands for, by the same rules as the server (item_bank.item_types.short_answer); a browser
   test holds the two together. Pure. */

const SHEET_PLACES = 4;
const LONGEST = { thpt: 16, number: 40, text: 200 };
const MINUS = /[\u2010-\u2014\u2212\ufe63\uff0d]/g;
const NUMBER = /^-?[0-9]+(?:,[0-9]+)?$/;
const UNFINISHED = /^-?(?:[0-9]+,?[0-9]*)?$/;

/** The text as the answer sheet would hold it: ASCII digits, minus, decimal comma. */
export function sheetText(text) {
  return text.normalize("NFKC").replace(MINUS, "-").trim().replaceAll(".", ",");
}

/** What the system understands, or null for no answer. */
export function understood(form, text) {
  if (form === "text") return text.normalize("NFC").split(/\s+/).filter(Boolean).join(" ") || null;
  const written = sheetText(text);
  if (!NUMBER.test(written) || (form === "thpt" && written.length > SHEET_PLACES)) return null;
  const isNegative = written.startsWith("-");
  const [whole, fraction] = written.replace("-", "").split(",");
  const tidy = (whole.replace(/^0+/, "") || "0") + (fraction === undefined ? "" : `,${fraction}`);
  return isNegative && /[1-9]/.test(tidy) ? `-${tidy}` : tidy;
}

/** The name of the sentence that says why this cannot stand on the sheet, or null. */
export function objection(form, text) {
  if (text.length > LONGEST[form]) return "too_long";
  if (form !== "thpt") return null;
  const written = sheetText(text);
  if (/[^0-9,-]/.test(written)) return "only_digits";
  if (written.length > SHEET_PLACES) return "four_places";
  if (written.slice(1).includes("-")) return "minus_first";
  const comma = written.indexOf(",");
  if (comma === 0 || comma === SHEET_PLACES - 1) return "comma_place";
  return UNFINISHED.test(written) ? null : "one_number";
}

/** How many of the sheet's places are used. */
export function placesUsed(text) {
  return sheetText(text).length;
}
