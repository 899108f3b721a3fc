"""Questions, and what is known about them. Imports nothing, so that ``item_bank.psychometrics`` runs in a notebook."""
