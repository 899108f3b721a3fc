"""Item types, one module each: what is wrong with an item, how it is shown, read and scored. Pure."""

from item_bank.item_types.base import (
    Arrangement,
    Case,
    Example,
    ItemType,
    Outcome,
    Problem,
)
from item_bank.item_types.registry import KINDS, best_outcome, of

__all__ = ["KINDS", "Arrangement", "Case", "Example", "ItemType", "Outcome", "Problem", "best_outcome", "of"]
