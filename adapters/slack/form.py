"""Calls that are forms: something was pressed or submitted (``payload``), or a slash command.

Facts: docs.slack.dev/reference/interaction-payloads, docs.slack.dev/interactivity/implementing-slash-commands.
"""

import binascii
import re

import msgspec

from adapters.contract import Parsed, Profile, Wrote
from adapters.errors import MalformedPayload
from adapters.nul import without_nul
from adapters.slack.happening import MEMBER, person_address, profile, thread_address
from adapters.slack.reading import read
from adapters.slack.wire import Action, Container, Interaction, Selected
from adapters.wire import WebhookReply
from router.message import Choice, Part, Text, Unknown

_INTERACTIONS = msgspec.json.Decoder(Interaction)
_FIELDS = 64
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_NO_OPTIONS = WebhookReply(body=b'{"options":[]}', content_type="application/json")


def parse_form(body: bytes) -> Parsed:
    """What a form means.

    Raises:
        MalformedPayload: it is none of the platform's, or nothing in it says whose it is.
    """
    if body.startswith(b"payload%3D"):  # encoded twice, as some recorders and proxies do
        return parse_interaction(_unescaped(body.removeprefix(b"payload%3D")))
    if body.startswith(b"payload=") and b"&" not in body:  # all presses: not worth a dictionary
        return parse_interaction(_unescaped(body.removeprefix(b"payload=").replace(b"+", b" ")))
    fields = _fields(body)
    if "payload" in fields:
        return parse_interaction(fields["payload"].encode("utf-8", "replace"))
    if "command" in fields:
        return parse_command(fields)
    raise MalformedPayload("a form without payload or command")


def parse_interaction(body: bytes) -> Parsed:
    """What was pressed, submitted or called up; over a socket it comes without a form around it.

    Raises:
        MalformedPayload: it is no interaction, or nothing says whose it is.
    """
    found, _ = read(without_nul(body), _INTERACTIONS, Interaction)
    match found.type:
        case "block_actions":
            return _pressed(found)
        case "block_suggestion":
            return Parsed(reason="options were asked for: there are none", reply=_NO_OPTIONS)
        case "":
            raise MalformedPayload("an interaction without a type")
        case _:
            return Parsed(reason=f"{found.type[:64]}: nothing was said")


def parse_command(fields: dict[str, str]) -> Parsed:
    """A slash command: the contact comes by it, and its text is what was said. The answer goes to the direct chat.

    Raises:
        MalformedPayload: nothing says whose it is.
    """
    organisation = fields.get("enterprise_id", "") if fields.get("is_enterprise_install") == "true" else ""
    installation, user = organisation or fields.get("team_id", ""), fields.get("user_id", "")
    key = fields.get("trigger_id", "")
    if not installation or not user or not key:
        raise MalformedPayload("a command without a workspace, a user or a trigger")
    text = fields.get("text", "").replace("\0", "\N{REPLACEMENT CHARACTER}")
    content: tuple[Part, ...] = (Text(text=text),) if text.strip() else ()
    entry = fields["command"].removeprefix("/").replace("\0", "")
    return Parsed(
        inbound=(
            Wrote(
                delivery_key=f"{installation}:command:{key}",
                address=person_address(installation, user),
                message_key=f"command:{key}",
                profile=Profile(name=fields.get("user_name", ""), attributes={MEMBER: user}),
                parts=content or (() if entry else (Unknown(kind="command"),)),
                entry=entry,
            ),
        )
    )


def _pressed(found: Interaction) -> Parsed:
    installation, container = _installation(found), found.container
    if not installation or found.user is None or not found.user.id:
        raise MalformedPayload("a press without a workspace or a user")
    if container is None or not container.channel_id or not container.message_ts:
        return Parsed(reason="pressed outside of a message")
    if not found.actions:
        return Parsed(reason="a press of nothing")
    key = f"{container.channel_id}:{container.message_ts}:{found.actions[0].action_ts}:{found.user.id}"
    return Parsed(
        inbound=(
            Wrote(
                delivery_key=f"{installation}:{key}",
                address=_address(installation, container, found.user.id),
                message_key=f"press:{key}",
                profile=profile(found.user.id, found.user),
                parts=tuple(_choice(action) for action in found.actions),
            ),
        )
    )


def _address(installation: str, container: Container, user: str) -> str:
    if container.channel_id.startswith("D"):
        return person_address(installation, user)
    return thread_address(installation, container.channel_id, container.thread_ts or container.message_ts)


def _installation(found: Interaction) -> str:
    organisation = found.enterprise.id if found.enterprise is not None else ""
    workspace = found.team.id if found.team is not None else ""
    return (organisation if found.is_enterprise_install is True else workspace) or organisation


def _choice(action: Action) -> Part:
    chosen: tuple[Selected, ...] = action.selected_options or ()
    if action.selected_option is not None:
        chosen = (action.selected_option,)
    value = action.value or ", ".join(one.value for one in chosen) or action.selected_date or action.selected_time
    label = ", ".join(one.text.text for one in chosen) or (action.text.text if action.text is not None else "")
    return Choice(value=value, label=label) if value else Unknown(kind=action.type[:64] or "press")


def _fields(body: bytes) -> dict[str, str]:
    pieces = body.split(b"&", _FIELDS)
    if len(pieces) > _FIELDS:
        raise MalformedPayload("not a form")
    pairs = (piece.replace(b"+", b" ").partition(b"=") for piece in pieces if piece)
    try:
        return {_unescaped(name).decode(): _unescaped(value).decode() for name, _, value in pairs}
    except UnicodeDecodeError:
        raise MalformedPayload("not a form") from None


def _unescaped(words: bytes) -> bytes:
    """The words without percent escapes; a long text in Chinese has a hundred thousand of them.

    The library's function takes 0.2 µs for each. Quoted-printable is the same with another sign, and done in C.

    Raises:
        MalformedPayload: a percent sign that begins no escape.
    """
    if _BROKEN_ESCAPE.search(words) is not None:
        raise MalformedPayload("not a form")
    return binascii.a2b_qp(words.replace(b"=", b"=3D").replace(b"%", b"="))
