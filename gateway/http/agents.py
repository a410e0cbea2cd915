"""Colleagues: who is here, with what load; and a supervisor's hand on somebody's intent."""

from http import HTTPStatus

from gateway.http.me import PresenceChange, change_presence
from gateway.http.problems import not_found
from gateway.http.registry import Call, Nothing, Route
from gateway.http.shapes import Page, Portion, portion
from gateway.views.agent import AgentView, show_agent
from gateway.views.floor import agents, presence_of
from skills.agent import AgentKind
from skills.ids import AgentId


async def list_agents(call: Call[Nothing, Portion]) -> Page[AgentView]:
    """All agents, people and bots, in the order of their logins."""
    settings = call.tools.configuration.settings
    found = await call.tools.engine.inspect(lambda board: agents(board, settings))
    return portion(found, call.query, lambda agent: agent.id)


async def set_intent(call: Call[PresenceChange, Nothing]) -> AgentView:
    """Set somebody's intent; the change says who did it."""
    tools, agent = call.tools, AgentId(call.path["id"])
    profile = tools.configuration.settings.agents.get(agent)
    if profile is None or profile.kind is AgentKind.BOT:
        raise not_found("agent")
    await change_presence(call, agent)
    return show_agent(profile, await tools.engine.inspect(lambda board: presence_of(board, agent)))


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/agents",
        summary="Agents and their state",
        handler=list_agents,
        query=Portion,
        answers=Page[AgentView],
    ),
    Route(
        method="PUT",
        path="/api/v1/agents/{id}/presence",
        summary="Set an agent's intent",
        handler=set_intent,
        body=PresenceChange,
        answers=AgentView,
        refuses=(HTTPStatus.NOT_FOUND,),
    ),
)
