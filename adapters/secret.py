"""A value that must never reach a log."""

import hmac


class Secret:
    """A secret string: it prints as a mask, and is compared in constant time; only `reveal` gives it away."""

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

    def __eq__(self, other: object) -> bool:
        """Whether both are the same value: so that settings can say whether anything in them changed."""
        if not isinstance(other, Secret):
            return NotImplemented
        ours, theirs = (each.reveal().encode("utf-8", "surrogatepass") for each in (self, other))
        return hmac.compare_digest(ours, theirs)

    def __hash__(self) -> int:
        """As the value's own."""
        return hash(self._value)

    def __bool__(self) -> bool:
        """Whether there is a value at all."""
        return bool(self._value)
