"""Updates as the Bot API sends them: only the fields that we use, read straight from the bytes.

Unknown fields are skipped by the decoder without being built; that is what makes a webhook cost microseconds. Names
are the platform's (core.telegram.org/bots/api, Bot API 10.0). Fields that are lists of our structs are tuples: all of
it is a value.
"""

from msgspec import Struct, field


class User(Struct, frozen=True, gc=False):
    """Who writes, presses or blocks."""

    id: int
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    language_code: str = ""


class Chat(Struct, frozen=True, gc=False):
    """Where it happened; in a private chat its id is the user's."""

    id: int
    type: str = ""
    title: str = ""
    first_name: str = ""
    last_name: str = ""
    username: str = ""


class Entity(Struct, frozen=True, gc=False):
    """A span of a text, in UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str = ""
    user: User | None = None


class Photo(Struct, frozen=True, gc=False):
    """One size of a photo."""

    file_id: str
    width: int = 0
    height: int = 0
    file_size: int = 0


class File(Struct, frozen=True, gc=False):
    """Any single file: document, voice, video, audio, animation, video note, sticker; each kind fills some fields."""

    file_id: str
    file_name: str = ""
    mime_type: str = ""
    file_size: int = 0
    duration: int = 0
    width: int = 0
    height: int = 0
    length: int = 0
    title: str = ""
    performer: str = ""
    emoji: str = ""
    is_animated: bool = False
    is_video: bool = False


class Place(Struct, frozen=True, gc=False):
    """Degrees."""

    latitude: float
    longitude: float


class Venue(Struct, frozen=True, gc=False):
    """A place with a name; the message repeats its location as a plain one."""

    location: Place
    title: str = ""
    address: str = ""


class Card(Struct, frozen=True, gc=False):
    """A shared contact."""

    phone_number: str
    first_name: str = ""
    last_name: str = ""


class Dice(Struct, frozen=True, gc=False):
    """A throw."""

    emoji: str = ""
    value: int = 0


class PollOption(Struct, frozen=True, gc=False):
    """One answer of a poll."""

    text: str = ""


class Poll(Struct, frozen=True, gc=False):
    """A poll that the contact forwarded or made."""

    question: str = ""
    options: tuple[PollOption, ...] = ()


class Button(Struct, frozen=True, gc=False):
    """One button of a message of ours."""

    text: str = ""
    callback_data: str = ""


class Markup(Struct, frozen=True, gc=False):
    """The buttons below a message of ours."""

    inline_keyboard: tuple[tuple[Button, ...], ...] = ()


class Replied(Struct, frozen=True, gc=False):
    """The message that one answers, as far as we care."""

    message_id: int
    sender: User | None = field(default=None, name="from")


class Message(Struct, frozen=True, gc=False, kw_only=True):
    """A message, or what is left of an inaccessible one (only chat and id, date 0)."""

    message_id: int
    chat: Chat
    sender: User | None = field(default=None, name="from")
    sender_chat: Chat | None = None
    message_thread_id: int = 0
    is_topic_message: bool = False
    reply_to_message: Replied | None = None
    migrate_to_chat_id: int = 0
    migrate_from_chat_id: int = 0
    date: int = 0
    edit_date: int = 0
    media_group_id: str = ""
    text: str = ""
    entities: tuple[Entity, ...] = ()
    caption: str = ""
    caption_entities: tuple[Entity, ...] = ()
    photo: tuple[Photo, ...] = ()
    voice: File | None = None
    video: File | None = None
    video_note: File | None = None
    animation: File | None = None
    document: File | None = None
    sticker: File | None = None
    audio: File | None = None
    location: Place | None = None
    venue: Venue | None = None
    contact: Card | None = None
    dice: Dice | None = None
    poll: Poll | None = None
    reply_markup: Markup | None = None


class Callback(Struct, frozen=True, gc=False, kw_only=True):
    """A pressed button; ``message`` is absent when the button stood under an inline result."""

    id: str
    sender: User = field(name="from")
    message: Message | None = None
    data: str = ""
    game_short_name: str = ""


class Member(Struct, frozen=True, gc=False):
    """What the bot is in a chat: ``member``, ``kicked``, …"""

    status: str = ""


class Membership(Struct, frozen=True, gc=False, kw_only=True):
    """The bot's own standing in a chat changed; in a private chat: blocked, unblocked."""

    chat: Chat
    sender: User | None = field(default=None, name="from")
    date: int = 0
    new_chat_member: Member = Member()


class Sign(Struct, frozen=True, gc=False):
    """One reaction: an emoji, or one of somebody's own, or a paid one."""

    type: str = ""
    emoji: str = ""


class Reaction(Struct, frozen=True, gc=False, kw_only=True):
    """Somebody changed the own signs under a message."""

    chat: Chat
    message_id: int
    user: User | None = None
    actor_chat: Chat | None = None
    date: int = 0
    old_reaction: tuple[Sign, ...] = ()
    new_reaction: tuple[Sign, ...] = ()


class Update(Struct, frozen=True, gc=False, kw_only=True):
    """One delivery. At most one of its kinds is present; kinds that we do not read stay unread."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Callback | None = None
    my_chat_member: Membership | None = None
    message_reaction: Reaction | None = None
