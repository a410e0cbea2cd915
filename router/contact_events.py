"""What contacts do: they write, edit, react, leave, come back, rate."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from router.conversation import Conversation, LastAnswer
from router.happening import Event
from router.ids import ChannelName, ContactId, ConversationId, InboxId, MessageId, Tag, ThreadId
from router.message import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """What triage may know of the person who writes; ``is_returning`` when an earlier conversation exists."""

    id: ContactId
    name: str = ""
    language: str = ""
    tags: frozenset[Tag] = frozenset()
    attributes: Mapping[str, str] = field(default_factory=dict)
    is_returning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Event):
    """A contact wrote, pressed a button, or came in by an entry (``parts`` may be empty then).

    ``new_conversation`` is the id to use if one must be created. ``previous`` is the thread's newest conversation
    when none is open on the board, for the reopen window; ``last_answer`` is for stickiness. ``language`` is what
    the channel or the widget said, empty when unknown. ``tags`` are those that a conversation begins with.
    ``announcements`` is how many automatic messages the channel bears until the contact writes again, without touching
    what is kept for people; None is no limit.
    """

    thread: ThreadId
    contact: ContactFacts
    inbox: InboxId
    channel: ChannelName
    message: MessageId
    parts: tuple[Part, ...]
    new_conversation: ConversationId
    entry: str = ""
    language: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[Tag, ...] = ()
    previous: Conversation | None = None
    last_answer: LastAnswer | None = None
    announcements: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(Event):
    """A contact edited an earlier message."""

    conversation: ConversationId
    message: MessageId
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFetched(Event):
    """A file of a contact's message was fetched, or never will be; the message's row says so already."""

    conversation: ConversationId
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReacted(Event):
    """A contact put a sign under a message; ``message`` is the id under which that is noted."""

    conversation: ConversationId
    contact: ContactId
    message: MessageId
    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLeft(Event):
    """A contact blocked us, unfollowed, or closed the widget for good."""

    thread: ThreadId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLost(Event):
    """The contact's own connection broke (a closed page); told only while nobody has answered."""

    thread: ThreadId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReturned(Event):
    """The contact's connection is there again."""

    thread: ThreadId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRated(Event):
    """A contact said how an ended conversation went: ``stars`` from 1 to 5, perhaps with words.

    ``message`` is the id of the line that tells the desk; ``is_again``: that line is there, and is changed.
    """

    conversation: ConversationId
    message: MessageId
    stars: int
    text: str = ""
    is_again: bool = False
