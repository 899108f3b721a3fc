"""Assembling forms: drawing items, laying papers out, form codes and seats. Pure; chance is handed in."""
