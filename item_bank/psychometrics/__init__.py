"""The arithmetic of testing: arrays in, dataclasses out. Needs numpy and scipy only; runs in a notebook."""
