"""Asking for a person: the words that always work, in every language, whatever bot has the conversation.

A request is short: the words alone, or with a little politeness around them. A long message that happens to hold one
("the travel agent told me that my papers …") is about something else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from skills.keywords import Keywords
from skills.text import fold

WORDS: Mapping[str, tuple[str, ...]] = {
    "zh": ("人工", "真人", "活人", "转客服", "找客服", "叫客服", "人工客服", "不要机器人", "别用机器人"),
    "en": ("human", "agent", "real person", "a person", "somebody real", "representative", "talk to someone"),
    "ja": ("オペレーター", "担当者", "人間"),
    "ko": ("상담원", "사람이랑"),
}
"""What is understood when the administrator has not said otherwise; Chinese in both scripts, as all keywords."""

NEVER = ("人工智能", "人工费", "人工服务费", "travel agent", "visa agent")
"""Longer words that hold one of those and mean something else."""

_POLITENESS = 24
"""How many folded characters beyond the words a request may have."""


@dataclass(frozen=True, slots=True)
class PersonWords:
    """The words by which a contact asks for a person.

    Raises:
        EmptyKeyword: one of them folds to nothing.
    """

    words: tuple[str, ...] = tuple(word for words in WORDS.values() for word in words)
    _asking: Keywords[str] = field(init=False, repr=False, compare=False)
    _other: Keywords[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the search."""
        object.__setattr__(self, "_asking", Keywords({"": self.words}))
        object.__setattr__(self, "_other", Keywords({"": NEVER}))

    def asks(self, text: str) -> bool:
        """Whether this message asks for a person."""
        folded = fold(text)
        taken = [(found.start, found.end) for found in self._other.matches(folded)]
        for found in self._asking.matches(folded):
            is_inside = any(start <= found.start and found.end <= end for start, end in taken)
            if not is_inside and len(folded) - (found.end - found.start) <= _POLITENESS:
                return True
        return False
