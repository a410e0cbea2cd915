"""A bucket of tokens: so much at once, so much per second for ever. Seconds come from whoever asks."""


class Bucket:
    """Holds up to ``burst`` tokens and gains ``rate`` a second."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, *, rate: float, burst: float, at: float) -> None:
        self._rate = rate
        self._burst = burst
        self._left = burst
        self._at = at

    def take(self, at: float, tokens: float = 1.0) -> bool:
        """Take tokens at this second of a steady clock; False, and nothing taken, when there are too few."""
        self._left = min(self._burst, self._left + (at - self._at) * self._rate)
        self._at = at
        if self._left < tokens:
            return False
        self._left -= tokens
        return True

    def is_full(self, at: float) -> bool:
        """Whether nothing has been taken for so long that it may be forgotten."""
        return self._left + (at - self._at) * self._rate >= self._burst
