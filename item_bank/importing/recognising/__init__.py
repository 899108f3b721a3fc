"""From the blocks of a paper to drafts of items: what a teacher sees at a glance, said step by step.

:func:`recognise` is the one entry. In order: ``sections`` cuts the paper, ``understanding`` reads each question,
``key_section`` reads the end, ``keys`` decides, ``drafting`` writes drafts and reports problems.
"""

from __future__ import annotations

from item_bank.importing.recognising.drafting import recognise

__all__ = ["recognise"]
