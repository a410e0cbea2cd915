"""Checks of meaning: one module per topic, each a function from a draft to problems."""
