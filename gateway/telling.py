"""Prepared replies in a contact's language: the system's own messages, rendered where they are recorded."""

import logging
from collections.abc import Mapping
from typing import Protocol

from config.wording import say_choice
from router.effects import DeskWord, Direction, RecordMessage, TellContact, TellDesk
from router.ids import ReplyId
from router.message import Author, AuthorKind, Choices, Option, Text
from router.reason import Code, Reason
from router.settings import Settings

log = logging.getLogger(__name__)

SYSTEM = Author(kind=AuthorKind.SYSTEM)


class Renderer(Protocol):
    """The administrator's prepared replies."""

    def render(self, reply: ReplyId, language: str, variables: Mapping[str, object]) -> str:
        """The reply's text in the language that fits best."""


def told(effect: TellContact, replies: Renderer, settings: Settings, contact: str) -> RecordMessage | TellDesk:
    """The message that tells the contact; an alarm for the desk when the reply cannot be rendered or is empty.

    ``contact`` is the contact's name. A broken template must not hold up the routing of the message that caused it.
    """
    try:
        text = replies.render(effect.reply, effect.language, _variables(effect, settings, contact))
    except Exception as error:  # an administrator's template may fail in any way
        log.exception("a reply could not be rendered", extra={"reply": effect.reply})
        return _alarm(effect, Reason(Code.REPLY_BROKEN, (effect.reply, str(error))))
    if not text.strip():
        return _alarm(effect, Reason(Code.REPLY_EMPTY, (effect.reply, effect.language)))
    return RecordMessage(
        id=effect.message,
        conversation=effect.conversation,
        direction=Direction.OUT,
        author=SYSTEM,
        parts=(Text(text=text), *_choices(effect)),
        at=effect.at,
    )


def _choices(effect: TellContact) -> tuple[Choices, ...]:
    """The buttons that go with it."""
    if not effect.choices:
        return ()
    options = tuple(Option(value=each, label=say_choice(each, effect.language)) for each in effect.choices)
    return (Choices(options=options),)


def _alarm(effect: TellContact, why: Reason) -> TellDesk:
    return TellDesk(word=DeskWord.ALARM, subject=effect.conversation, conversation=effect.conversation, why=(why,))


def _variables(effect: TellContact, settings: Settings, contact: str) -> Mapping[str, object]:
    return {
        "contact": {"name": contact},
        "group": {"name": _group_name(effect, settings), "id": effect.group},
        "next_open": effect.next_open_at,
        "position": effect.position,
        "wait": effect.wait,
        "wait_most": effect.wait_most,
        "usually": effect.usually,
        "at": effect.at,
        **effect.fields,
    }


def _group_name(effect: TellContact, settings: Settings) -> str:
    group = settings.groups.get(effect.group)
    if group is None:
        return effect.group
    names = group.group.name
    return names.get(effect.language) or next(iter(names.values()), effect.group)
