"""Groups: whether something was said to us, and who said it.

A group is a conversation of many; only what is addressed to the bot is ours to read (a mention, an answer to one of
our messages, a command with our name). The platform itself withholds the rest from bots in privacy mode
(core.telegram.org/bots/features#privacy-mode); where it does not, we do.
"""

from dataclasses import dataclass, replace

from adapters.telegram.entities import span
from adapters.telegram.wire import Chat, Entity, Message, User
from router.message import Part, Text

GROUPS = frozenset({"group", "supergroup"})
_BOTS_END_IN = "bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The bot itself. ``username`` is known once the platform has told us; empty until then."""

    id: int = 0
    username: str = ""

    @staticmethod
    def of_token(token: str) -> "Me":
        """What a token says of its bot."""
        number = token.partition(":")[0]
        return Me(id=int(number) if number.isdecimal() else 0)

    def is_called(self, name: str) -> bool:
        """Whether this user name is ours. Until we know it any bot's is: too much is better than a lost question."""
        folded = name.removeprefix("@").casefold()
        return folded == self.username.casefold() if self.username else folded.endswith(_BOTS_END_IN)


def is_addressed(message: Message, me: Me) -> bool:
    """Whether a message in a group was said to us."""
    answered = message.reply_to_message
    if (
        answered is not None
        and answered.message_id != message.message_thread_id  # in a topic everything answers the topic's first message
        and answered.sender is not None
        and answered.sender.id == me.id
    ):
        return True
    return any(_names(entity, message.text, me) for entity in message.entities) or any(
        _names(entity, message.caption, me) for entity in message.caption_entities
    )


def _names(entity: Entity, text: str, me: Me) -> bool:
    match entity.type:
        case "mention":
            return me.is_called(span(text, entity.offset, entity.length))
        case "bot_command":
            _, at, name = span(text, entity.offset, entity.length).partition("@")
            return bool(at) and me.is_called(name)
        case "text_mention":
            return entity.user is not None and entity.user.id == me.id
        case _:
            return False


def address_of(message: Message) -> str:
    """The chat, or the topic in it: each topic is a thread of its own."""
    chat = message.chat
    is_topic = message.is_topic_message and message.message_thread_id and chat.type in GROUPS
    return f"{chat.id}:{message.message_thread_id}" if is_topic else str(chat.id)


def writer(message: Message) -> User | Chat | None:
    """Who said it: a person, or the chat in whose name an administrator writes."""
    return message.sender_chat or message.sender


def name_of(person: User | Chat | None) -> str:
    """The name as the platform shows it."""
    if person is None:
        return ""
    if isinstance(person, Chat) and person.title:
        return person.title
    return f"{person.first_name} {person.last_name}".strip() or person.username


def with_writer(parts: tuple[Part, ...], name: str) -> tuple[Part, ...]:
    """What was said in a group, with the name of whoever said it before the first words (or before all of it)."""
    if not name or not parts:
        return parts
    for place, part in enumerate(parts):
        if isinstance(part, Text):
            return (*parts[:place], replace(part, text=f"{name}: {part.text}"), *parts[place + 1 :])
    return (Text(text=f"{name}:"), *parts)
