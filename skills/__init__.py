"""Who could answer, and when: skills, groups, agents' profiles, matching, hours, text.

This package knows nothing of conversations, channels, I/O or the clock: instants are parameters.
"""
