"""What the item bank tells those above it; each carries ids only and is delivered after commit."""

from __future__ import annotations

VERSION_APPROVED = "item_bank.version_approved"
"""version_id, item_id, bank_id: a second person has approved a wording."""

VERSION_RETIRED = "item_bank.version_retired"
"""version_id, item_id, bank_id: a wording is no longer used for new papers."""

IMPORT_READ = "item_bank.import_read"
"""import_id, bank_id: a file of questions was read, well or with an error."""
