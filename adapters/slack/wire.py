"""What the platform sends, read straight from the bytes: only the fields that we use (docs.slack.dev/reference/events).

An event's content is kept raw until its kind is known: ``channel`` is a text in one kind and an object in another.
The same holds for blocks, of which only rich text is read.
"""

from msgspec import Raw, Struct

NOTHING = Raw(b"null")


class Authorization(Struct, frozen=True, gc=False):
    """For which installation this was sent; in channels shared between workspaces not the one of the envelope."""

    team_id: str | None = None
    enterprise_id: str | None = None
    user_id: str | None = None
    is_bot: bool = False
    is_enterprise_install: bool = False


class Envelope(Struct, frozen=True, gc=False, kw_only=True):
    """One delivery."""

    type: str = ""
    challenge: str = ""
    team_id: str | None = None
    enterprise_id: str | None = None
    authorizations: tuple[Authorization, ...] | None = None
    event: Raw = NOTHING


class Tokens(Struct, frozen=True, gc=False):
    """Whose tokens were revoked: the ids of bots."""

    bot: tuple[str, ...] = ()


class Kind(Struct, frozen=True, gc=False):
    """What every event says of itself, and which tokens are over (``tokens_revoked``)."""

    type: str = ""
    tokens: Tokens = Tokens()


class Block(Struct, frozen=True, gc=False):
    """One block of a message."""

    type: str = ""
    elements: Raw = NOTHING


class Element(Struct, frozen=True, gc=False, kw_only=True):
    """A piece of rich text, or a list of such pieces."""

    type: str = ""
    text: str = ""
    url: str = ""
    user_id: str = ""
    channel_id: str = ""
    usergroup_id: str = ""
    name: str = ""
    unicode: str = ""
    range: str = ""
    fallback: str = ""
    indent: int = 0
    elements: tuple["Element", ...] = ()


class File(Struct, frozen=True, gc=False, kw_only=True):
    """A file that was shared."""

    id: str
    name: str | None = None
    mimetype: str | None = None
    subtype: str | None = None
    mode: str = ""
    size: int = 0
    duration_ms: int = 0
    original_w: int = 0
    original_h: int = 0


class Attachment(Struct, frozen=True, gc=False, kw_only=True):
    """Another message that was passed on, or a preview of a page."""

    is_share: bool = False
    from_url: str = ""
    author_name: str = ""
    text: str = ""
    fallback: str = ""


class Person(Struct, frozen=True, gc=False, kw_only=True):
    """Somebody's names."""

    id: str = ""
    name: str = ""
    username: str = ""
    real_name: str = ""
    display_name: str = ""


class Edit(Struct, frozen=True, gc=False):
    """When somebody changed a message; absent when the platform did."""

    ts: str = ""


class Message(Struct, frozen=True, gc=False, kw_only=True):
    """A message, or what became of one (``message_changed``, ``message_deleted``)."""

    type: str = ""
    subtype: str | None = None
    channel: str = ""
    channel_type: str | None = None
    user: str | None = None
    bot_id: str | None = None
    parent_user_id: str | None = None
    text: str | None = None
    ts: str = ""
    thread_ts: str | None = None
    event_ts: str = ""
    deleted_ts: str = ""
    blocks: tuple[Block, ...] | None = None
    files: tuple[File, ...] | None = None
    attachments: tuple[Attachment, ...] | None = None
    edited: Edit | None = None
    user_profile: Person | None = None
    message: "Message | None" = None
    previous_message: "Message | None" = None


class Words(Struct, frozen=True, gc=False):
    """A text object."""

    text: str = ""


class Selected(Struct, frozen=True, gc=False):
    """A chosen option."""

    value: str = ""
    text: Words = Words()


class Action(Struct, frozen=True, gc=False, kw_only=True):
    """Something pressed or chosen in a message."""

    type: str = ""
    value: str | None = None
    text: Words | None = None
    selected_option: Selected | None = None
    selected_options: tuple[Selected, ...] | None = None
    selected_date: str | None = None
    selected_time: str | None = None
    action_ts: str = ""


class Place(Struct, frozen=True, gc=False):
    """A workspace, an organisation or a channel."""

    id: str = ""


class Container(Struct, frozen=True, gc=False, kw_only=True):
    """Where the pressed message is."""

    message_ts: str = ""
    thread_ts: str | None = None
    channel_id: str = ""


class Interaction(Struct, frozen=True, gc=False, kw_only=True):
    """Something was pressed, submitted or called up."""

    type: str = ""
    team: Place | None = None
    enterprise: Place | None = None
    user: Person | None = None
    container: Container | None = None
    actions: tuple[Action, ...] = ()
    is_enterprise_install: bool | str = False
