"""Keyed: enumerations whose members are looked up with on the way of every decision."""

from enum import Enum


class Keyed(Enum):
    """An enumeration whose members are hashed as the single objects that they are; Enum's own hash is Python code."""

    __hash__ = object.__hash__
