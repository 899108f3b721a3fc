"""Specifications, forms, sittings, attempts, the answer journal and scores."""
