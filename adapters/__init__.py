"""Foreign formats ↔ our message: one folder per channel, one contract, one shared test suite.

An adapter knows its channel and nothing of the board, the store or another adapter.
"""
