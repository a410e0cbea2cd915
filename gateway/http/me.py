"""Logging in and out, and the caller's own state."""

import asyncio
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

import msgspec
from aiohttp import web

from adapters.registry import channel_names
from gateway.http.passwords import BadPassword
from gateway.http.problems import Problem, invalid
from gateway.http.registry import Call, Nothing, Route, encoder
from gateway.http.sessions import COOKIE, presented_token, set_cookie
from gateway.http.shapes import Reason, Word
from gateway.realtime.doorkeeper import place_of
from gateway.store.accounts import invited_agent
from gateway.views.agent import AgentView, MeView, show_agent
from gateway.views.floor import me, presence_of
from router.events import IntentChanged
from router.ids import ChannelName, EventId
from router.presence import Intent
from skills.agent import AgentKind
from skills.ids import AgentId

Login = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=512)]
INVITATION_LASTS_FOR = timedelta(days=7)
ATTEMPT = 5.0
"""What an attempt costs at the door: one a second from one address, twenty at once."""


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """An agent's login and password."""

    login: Login
    password: Password


class Redemption(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation's token, and the password that its agent chose."""

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    password: Password


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session: send ``token`` as the bearer's. Browsers get it as a cookie too."""

    token: str
    agent: AgentView


class PresenceChange(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent chooses; a reason for being away, and the ``channels`` that still come meanwhile."""

    intent: Intent
    reason: Reason = ""
    channels: Annotated[list[Word], msgspec.Meta(max_length=50)] = []


async def log_in(call: Call[Credentials, Nothing]) -> web.Response:
    """Open a session."""
    login, tools = call.body.login, call.tools
    _check_pace(call)
    agent = tools.configuration.settings.agents.get(AgentId(login))
    is_known = agent is not None and agent.kind is AgentKind.HUMAN
    token = await tools.sessions.open(login, call.body.password, is_known=is_known)
    return await _session(call, AgentId(login), token)


async def redeem_invitation(call: Call[Redemption, Nothing]) -> web.Response:
    """Set the password that an invitation asks for, and log in."""
    tools = call.tools
    _check_pace(call)
    now = tools.clock.now()
    agent = await tools.store.read(lambda c: invited_agent(c, call.body.token, now))
    if agent is None or agent not in tools.configuration.settings.agents:
        raise Problem(HTTPStatus.UNAUTHORIZED, "wrong-invitation", "this invitation is wrong, used or too old")
    try:
        token = await tools.sessions.redeem(agent, call.body.password)
    except BadPassword as error:
        raise invalid(str(error)) from error
    return await _session(call, agent, token)


async def log_out(call: Call[Nothing, Nothing]) -> web.Response:
    """End the session that the request carries."""
    token = presented_token(call.request)
    await call.tools.sessions.close(token)
    call.tools.feed.session_closed(token)
    response = web.Response(status=HTTPStatus.NO_CONTENT)
    response.del_cookie(COOKIE, path="/")
    return response


async def read_me(call: Call[object, Nothing]) -> MeView:
    """The caller's own state, and why nothing comes."""
    return await me(call.tools.engine, call.tools.configuration, call.viewer)


async def set_presence(call: Call[PresenceChange, Nothing]) -> MeView:
    """Choose: ready, away, draining (finish mine), off."""
    await change_presence(call, call.viewer.id)
    return await read_me(call)


async def change_presence(call: Call[PresenceChange, Nothing], agent: AgentId) -> None:
    """The caller's choice for an agent: the own one, or a supervisor's for somebody else.

    Raises:
        Problem: 422, a channel is named that there is not, or somebody takes everything and names channels.
    """
    tools, body = call.tools, call.body
    unknown = sorted(set(body.channels) - set(channel_names()))
    if unknown:
        raise invalid(f"there is no channel {unknown[0]}; there are: {', '.join(channel_names())}")
    if body.channels and body.intent is not Intent.AWAY:
        raise invalid("channels that still come are for who is away")
    await tools.engine.submit(
        IntentChanged(
            id=EventId(tools.identifiers.new("evt")),
            at=tools.clock.now(),
            agent=agent,
            intent=body.intent,
            reason=body.reason,
            by=call.viewer.id,
            channels=tuple(sorted(map(ChannelName, set(body.channels)))),
        )
    )


def _check_pace(call: Call[object, Nothing]) -> None:
    """Passwords cost 0.1 s of two threads each: one address does not get to use them all.

    Raises:
        Problem: 429, too many attempts from there.
    """
    at = asyncio.get_running_loop().time()
    if not call.tools.door.may_try(place_of(call.request), at, cost=ATTEMPT):
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "too-often", "wait a moment", headers={"Retry-After": "5"})


async def _session(call: Call[object, Nothing], agent: AgentId, token: str) -> web.Response:
    tools = call.tools
    profile = tools.configuration.settings.agents[agent]
    presence = await tools.engine.inspect(lambda board: presence_of(board, agent))
    body = encoder.encode(Session(token=token, agent=show_agent(profile, presence)))
    response = web.Response(body=body, content_type="application/json", headers={"Cache-Control": "no-store"})
    set_cookie(response, token, is_secure=tools.public_url.startswith("https:"))
    return response


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/sessions",
        summary="Log in",
        handler=log_in,
        body=Credentials,
        answers=Session,
        refuses=(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS),
    ),
    Route(
        method="POST",
        path="/api/v1/invitations",
        summary="Set the first password",
        handler=redeem_invitation,
        body=Redemption,
        answers=Session,
        refuses=(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS),
    ),
    Route(
        method="DELETE",
        path="/api/v1/sessions/current",
        summary="Log out",
        handler=log_out,
        answers=None,
        status=HTTPStatus.NO_CONTENT,
    ),
    Route(method="GET", path="/api/v1/me", summary="Own state", handler=read_me, answers=MeView),
    Route(
        method="PUT",
        path="/api/v1/me/presence",
        summary="Choose an intent",
        handler=set_presence,
        body=PresenceChange,
        answers=MeView,
    ),
)
