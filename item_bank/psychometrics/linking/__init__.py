"""Linking: bringing two calibrations onto one ability scale through items that both forms share."""
