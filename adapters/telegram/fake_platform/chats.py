"""The simulated contacts, and what each of them and the bot have said."""

from dataclasses import dataclass, field
from typing import Any

from adapters.telegram.fake_platform.refusals import Refusal, bad

Message = dict[str, Any]

BOT_NAME = "Pointsman demo"


@dataclass(slots=True, kw_only=True)
class Chat:
    """One chat with the bot, a contact's or a group's, and the transcript as its people see it.

    ``first_name`` of a group is its title; ``moved_to`` is the id that it has had since it was upgraded.
    """

    chat_id: int
    first_name: str
    language_code: str
    messages: list[Message] = field(default_factory=list)
    signs: dict[tuple[int, int], list[dict[str, str]]] = field(default_factory=dict)
    is_blocked: bool = False
    is_typing: bool = False
    last_message_id: int = 0
    kind: str = "private"
    topics: frozenset[int] = frozenset()
    moved_to: int = 0

    def person(self) -> dict[str, Any]:
        """The contact as a ``User``."""
        return {
            "id": self.chat_id,
            "is_bot": False,
            "first_name": self.first_name,
            "language_code": self.language_code,
        }

    def place(self) -> dict[str, Any]:
        """The chat as a ``Chat``."""
        named = "first_name" if self.kind == "private" else "title"
        return {"id": self.chat_id, "type": self.kind, named: self.first_name} | (
            {"is_forum": True} if self.topics else {}
        )

    def add(self, sender: dict[str, Any], date: int, content: Message) -> Message:
        """A new message in the transcript."""
        self.last_message_id += 1
        message: Message = {"message_id": self.last_message_id, "from": sender, "chat": self.place(), "date": date}
        message |= content
        self.messages.append(message)
        if sender["is_bot"]:
            self.is_typing = False
        return message

    def message(self, message_id: int) -> Message:
        """One message of the transcript.

        Raises:
            LookupError: there is none.
        """
        for message in self.messages:
            if message["message_id"] == message_id:
                return message
        raise LookupError(f"no message {message_id} in chat {self.chat_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that a contact or the bot has sent."""

    data: bytes = field(repr=False)
    mime: str
    name: str


@dataclass(slots=True, kw_only=True)
class Chats:
    """All chats of one bot, and the files in them."""

    bot: dict[str, Any]
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    acknowledged: dict[str, bool] = field(default_factory=dict)

    def reachable(self, chat_id: str) -> Chat:
        """The chat that a bot may write to.

        Raises:
            Refusal: there is none, or the contact blocked the bot.
        """
        chat = self.chats.get(int(chat_id)) if chat_id.removeprefix("-").isdecimal() else None
        if chat is None:
            raise bad("chat not found")
        if chat.moved_to:
            words = "group chat was upgraded to a supergroup chat"
            raise Refusal(400, f"Bad Request: {words}", migrate_to_chat_id=chat.moved_to)
        if chat.is_blocked:
            by = "blocked by the user" if chat.kind == "private" else f"kicked from the {chat.kind} chat"
            raise Refusal(403, f"Forbidden: bot was {by}")
        return chat

    def keep(self, data: bytes, mime: str, name: str) -> str:
        """Store a file; its id."""
        file_id = f"file-{len(self.files) + 1}"
        self.files[file_id] = StoredFile(data=data, mime=mime, name=name)
        return file_id
