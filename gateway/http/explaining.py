"""Trying a message: which way it would go by the version in force, or by files that are being edited."""

import asyncio
from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from adapters.registry import channel_names
from config.configuration import Configuration
from config.explanation import explain_message
from config.rehearsal import Asked, instant_of
from gateway.http.problems import Problem, invalid
from gateway.http.registry import Call, Nothing, Route
from gateway.http.routing import Files, loaded_files, show_check
from gateway.views.explanation import ExplanationView, show_explanation
from router.ids import InboxId

Word = Annotated[str, msgspec.Meta(max_length=200)]

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Nobody asks for other years, and calendars end."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A message to try. What is empty is found out as for a real one; ``files`` replace those in force."""

    text: Annotated[str, msgspec.Meta(max_length=10_000)]
    channel: Word = ""
    inbox: Word = ""
    entry: Word = ""
    at: Word = ""
    language: Word = ""
    contact_tags: Annotated[list[Word], msgspec.Meta(max_length=50)] = []
    returning: bool = False
    files: Files = {}


async def explain(call: Call[Trial, Nothing]) -> ExplanationView:
    """Explain which way a message would go."""
    trial = call.body
    configuration = await _configuration(call)
    if trial.inbox and InboxId(trial.inbox) not in configuration.inboxes:
        raise invalid(f"there is no inbox {trial.inbox}")
    if trial.channel and trial.channel not in channel_names():
        raise invalid(f"there is no channel {trial.channel}; one of: {', '.join(channel_names())}")
    at = _instant(trial.at, configuration) if trial.at else call.tools.clock.now()
    asked = Asked(
        text=trial.text,
        channel=trial.channel,
        inbox=trial.inbox,
        entry=trial.entry,
        language=trial.language,
        contact_tags=trial.contact_tags,
        is_returning=trial.returning,
    )
    explanation = await asyncio.to_thread(explain_message, configuration, asked, at)
    return show_explanation(explanation)


async def _configuration(call: Call[Trial, Nothing]) -> Configuration:
    if not call.body.files:
        return call.tools.configuration.configuration
    loaded = await loaded_files(call.tools, call.body.files)
    if loaded.configuration is None:
        found = msgspec.to_builtins(show_check(loaded))
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "not-applicable", "the files have errors", found)
    return loaded.configuration


def _instant(text: str, configuration: Configuration) -> datetime:
    try:
        at = instant_of(text, ZoneInfo(configuration.timezone))
    except ValueError as error:
        raise invalid(str(error)) from error
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise invalid(f"{text} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return at


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/routing/explain",
        summary="Which way a message would go",
        handler=explain,
        body=Trial,
        answers=ExplanationView,
    ),
)
