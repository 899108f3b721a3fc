"""Watching an exam fairly: the system shows, people decide."""
