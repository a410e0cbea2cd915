"""Refusals of the core. Each leaves the board as it was; none knows HTTP."""

from router.conversation import Owner


class Refused(Exception):
    """An event that may not happen; the docstring of the subclass is the default message."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").split("\n")[0])


class UnknownConversation(Refused):
    """There is no such open conversation."""


class UnknownOffer(Refused):
    """There is no such open offer for this agent."""


class UnknownAgent(Refused):
    """There is no such agent."""


class UnknownGroup(Refused):
    """There is no such group."""


class IllegalTransition(Refused):
    """The conversation's state does not allow this."""


class NotOwner(Refused):
    """The conversation belongs to somebody else now.

    ``owner`` and ``epoch`` are the present ones.
    """

    def __init__(self, owner: Owner, epoch: int) -> None:
        super().__init__(f"the conversation belongs to {owner.kind.value} {owner.id} now")
        self.owner = owner
        self.epoch = epoch


class NoUnits(Refused):
    """The agent has no free units for this."""


class SomethingMissing(Refused):
    """The group requires something that was not said."""


class Unreachable(Refused):
    """The agent cannot receive now."""


class UnknownContact(Refused):
    """There is no such contact."""


class SameContact(Refused):
    """It is the same contact already."""


class NotUndoable(Refused):
    """There is no such merge that can be undone now; the newest one goes first."""
