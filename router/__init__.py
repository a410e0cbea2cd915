"""The pure core: what is said, who waits, who answers, and why.

Imports values only. It knows no I/O, no clock, no randomness and no channel's name: instants arrive in events,
consequences leave as effects.
"""
