"""Where we write to: a chat, or one topic of a group. An address is ``chat`` or ``chat:topic``."""

from dataclasses import dataclass

from adapters.errors import ContactUnreachable


@dataclass(frozen=True, slots=True)
class Place:
    """A chat's id (negative for groups), and the topic in it; None outside of topics."""

    chat: int
    topic: int | None = None

    @staticmethod
    def of(address: str) -> "Place":
        """The place that an address names.

        Raises:
            ContactUnreachable: it is no address of this channel.
        """
        chat, colon, topic = address.partition(":")
        if not chat.removeprefix("-").isdecimal() or (colon and not topic.isdecimal()):
            raise ContactUnreachable("no_chat", "this is no chat")
        return Place(int(chat), int(topic) if colon else None)

    def __str__(self) -> str:
        """The address."""
        return str(self.chat) if self.topic is None else f"{self.chat}:{self.topic}"
