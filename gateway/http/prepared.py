"""Prepared replies for an agent to choose from: what the administrator wrote and no group sends by itself."""

import logging

import msgspec

from gateway.http.registry import Call, Nothing, Route
from gateway.http.shapes import Page
from gateway.http.sight import seen, shown

log = logging.getLogger(__name__)


class PreparedView(msgspec.Struct, frozen=True, kw_only=True):
    """One reply as this contact would read it: in the conversation's language, with its variables filled in."""

    reply: str
    language: str
    text: str


async def list_prepared(call: Call[Nothing, Nothing]) -> Page[PreparedView]:
    """The replies that an agent may put into the composer of this conversation, in the order of the file.

    One that cannot be rendered is left out, and the log says why: the others are still of use.
    """
    listed = await seen(call)
    tools, conversation = call.tools, listed.conversation
    now = tools.clock.now()
    replies = tools.configuration.configuration.replies
    its = tools.configuration.settings.groups.get(conversation.group)
    variables = {
        "contact": {"name": shown(call, listed).contact.name},
        "group": {"id": conversation.group, "name": tools.configuration.legend.group_name(conversation.group)},
        "at": now,
        "next_open": await tools.engine.inspect(lambda board: board.doors.next_open(its, now)) if its else None,
        **dict(conversation.bot.fields),
    }
    found = []
    for reply in replies.for_agents:
        try:
            text = replies.render(reply, conversation.language, variables)
        except Exception:  # an administrator's template may fail in any way
            log.exception("a reply could not be rendered", extra={"reply": reply})
            continue
        if text:
            language = replies.language_of(reply, conversation.language)
            found.append(PreparedView(reply=reply, language=language, text=text))
    return Page(items=found)


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/conversations/{id}/replies",
        summary="Prepared replies to choose from",
        handler=list_prepared,
        answers=Page[PreparedView],
    ),
)
