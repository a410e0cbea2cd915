"""Dice: numbers that look random and follow from a seed, a purpose and a counter.

A value, not a stream: the tenth contact's patience is the same whatever else is asked and in which order, so that two
runs differ only in what was changed between them. The mixing is SplitMix64's (Steele, Lea, Flood: "Fast splittable
pseudorandom number generators", 2014).
"""

from dataclasses import dataclass
from math import log

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
PURPOSES = 1 << 8
"""Purposes are small numbers; counters may be large."""


@dataclass(frozen=True, slots=True)
class Dice:
    """All numbers of one seed."""

    seed: int

    def uniform(self, purpose: int, number: int) -> float:
        """A number above 0 and below 1."""
        mixed = _mix(_mix(self.seed & MASK) + (number * PURPOSES + purpose + 1) * GOLDEN)
        return ((mixed >> 11) + 0.5) / (1 << 53)

    def exponential(self, purpose: int, number: int, mean: float) -> float:
        """A span without memory, of this mean."""
        return -mean * log(self.uniform(purpose, number))


def _mix(value: int) -> int:
    value &= MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)
