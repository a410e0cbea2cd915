"""Inviting: a link with which an agent chooses a password. It works once; what is stored of it is a hash."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

import msgspec
from sqlalchemy import Connection

from gateway.http.me import INVITATION_LASTS_FOR
from gateway.http.problems import not_found
from gateway.http.registry import Call, Nothing, Route
from gateway.store.accounts import account, save_account, token_hash
from skills.agent import AgentKind
from skills.ids import AgentId


class InvitationView(msgspec.Struct, frozen=True, kw_only=True):
    """The link, and until when it works. An earlier one for the same agent has ended."""

    url: str
    until: datetime


async def invite(call: Call[Nothing, Nothing]) -> InvitationView:
    """Make a link for an agent; the present password goes on until another is chosen."""
    tools, agent = call.tools, AgentId(call.path["id"])
    profile = tools.configuration.settings.agents.get(agent)
    if profile is None or profile.kind is not AgentKind.HUMAN:
        raise not_found("agent")
    token, until = tools.identifiers.token(), tools.clock.now() + INVITATION_LASTS_FOR

    def write(connection: Connection) -> None:
        known = account(connection, agent)
        save_account(connection, replace(known, invitation_hash=token_hash(token), invited_until=until))

    await tools.store.write(write)
    here = f"{call.request.scheme}://{call.request.host}"
    return InvitationView(url=f"{tools.public_url.rstrip('/') or here}/invitation#{token}", until=until)


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/agents/{id}/invitation",
        summary="A link with which an agent chooses a password",
        handler=invite,
        answers=InvitationView,
        refuses=(HTTPStatus.NOT_FOUND,),
    ),
)
