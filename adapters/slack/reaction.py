"""A sign that somebody put under a message, or took back. Pure.

The platform names signs by words of its own; those that people use most are shown as what they look like. It does not
say in which thread the message is, so in channels only the signs under a thread's first message are ours.
"""

import re
from typing import Final

import msgspec

from adapters.contract import Parsed, Reacted
from adapters.errors import MalformedPayload
from adapters.slack.happening import Installation, instant, person_address, thread_address
from adapters.slack.reading import read

_TONE = re.compile(r"::skin-tone-([2-6])\Z")
_FIRST_TONE: Final = 0x1F3FB - 2

SIGNS: Final = {
    "+1": "👍", "-1": "👎", "100": "💯", "clap": "👏", "cry": "😢", "eyes": "👀", "face_with_tears_of_joy": "😂",
    "fire": "🔥", "grinning": "😀", "heart": "❤️", "joy": "😂", "ok_hand": "👌", "pray": "🙏", "question": "❓",
    "raised_hands": "🙌", "rocket": "🚀", "smile": "😄", "sob": "😭", "tada": "🎉", "thinking_face": "🤔",
    "thumbsdown": "👎", "thumbsup": "👍", "wave": "👋", "white_check_mark": "✅", "x": "❌",
}  # fmt: skip


class _Item(msgspec.Struct, frozen=True, gc=False):
    type: str = ""
    channel: str = ""
    ts: str = ""


class _Reaction(msgspec.Struct, frozen=True, gc=False):
    user: str = ""
    reaction: str = ""
    item: _Item = _Item()
    event_ts: str = ""


_REACTIONS = msgspec.json.Decoder(_Reaction)


def reacted(event: msgspec.Raw, installation: Installation, *, is_taken_back: bool = False) -> Parsed:
    """What a reaction, or its end, means. The same sign may come, go and come again: each time is a happening.

    Raises:
        MalformedPayload: nothing says whose it is.
    """
    found, _ = read(event, _REACTIONS, _Reaction)
    if found.item.type != "message":
        return Parsed(reason="a reaction to something that is no message")
    if found.user == installation.us:
        return Parsed(reason="our own reaction")
    channel, stamp = found.item.channel, found.item.ts
    if not all((installation.key, found.user, found.reaction, channel, stamp)):
        raise MalformedPayload("a reaction without a workspace, a user, a sign or a message")
    is_direct = channel.startswith("D")
    names = (installation.key, channel, stamp, found.user, found.reaction)
    return Parsed(
        inbound=(
            Reacted(
                delivery_key=":".join((*names, "removed" if is_taken_back else "added", found.event_ts)),
                address=person_address(installation.key, found.user)
                if is_direct
                else thread_address(installation.key, channel, stamp),
                at=instant(found.event_ts),
                is_aside=not is_direct,
                message_key=f"{channel}:{stamp}",
                emoji=sign(found.reaction),
                is_taken_back=is_taken_back,
            ),
        )
    )


def sign(name: str) -> str:
    """What a sign looks like; its name between colons where we do not know."""
    tone = _TONE.search(name)
    plain = name[: tone.start()] if tone else name
    shown = SIGNS.get(plain)
    if shown is None:
        return f":{plain[:64]}:".replace("\0", "")
    return shown + (chr(_FIRST_TONE + int(tone[1])) if tone else "")
