/* The item types a sheet can show, by the names of the contract. A type is a module with `build(item, sheet)`, which gives
   {node, refresh} and, where it has them, `choose(place)` for the option keys and `flush()` for text not yet written. */

import * as essay from "./essay.js";
import * as shortAnswer from "./short_answer.js";
import * as singleChoice from "./single_choice.js";
import * as trueFalseGroup from "./true_false_group.js";

export const types = {
  single_choice: singleChoice,
  true_false_group: trueFalseGroup,
  short_answer: shortAnswer,
  essay,
};
