"""A value that must never reach a log."""


class Secret:
    """A secret string: it compares and prints as a mask; only `reveal` gives it away."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        """A mask, whatever the value."""
        return "Secret(…)"

    __str__ = __repr__

    def __bool__(self) -> bool:
        """Whether there is a value at all."""
        return bool(self._value)
