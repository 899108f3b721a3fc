"""The first page: today, for each kind of person."""
