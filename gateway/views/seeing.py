"""Who may see a conversation: decided here once, for REST and for the feed alike.

Supervisors and admins see all. An agent sees what is or was the agent's own, what is offered to the agent, and what
nobody answers in the agent's groups. An outside agent sees only what is the agent's own now, or is offered.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from router.conversation import Conversation, OwnerKind, State
from skills.agent import Agent, Role
from skills.ids import AgentId, GroupId

SENIOR = frozenset({Role.SUPERVISOR, Role.ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom something concerns: these agents, the insiders of these groups, these roles, and always the seniors."""

    agents: frozenset[AgentId] = frozenset()
    groups: frozenset[GroupId] = frozenset()
    roles: frozenset[Role] = SENIOR

    def includes(self, viewer: Agent) -> bool:
        """Whether this agent is among them."""
        if viewer.role in self.roles or viewer.id in self.agents:
            return True
        return viewer.role is Role.AGENT and not self.groups.isdisjoint(viewer.groups)

    def joined(self, other: "Audience") -> "Audience":
        """Both audiences together; this one itself when the other adds nobody, as almost always."""
        if other is self:
            return self
        if other.agents <= self.agents and other.groups <= self.groups and other.roles <= self.roles:
            return self
        return Audience(
            agents=self.agents | other.agents, groups=self.groups | other.groups, roles=self.roles | other.roles
        )


EVERY_SENIOR = Audience()
INSIDERS = Audience(roles=SENIOR | {Role.AGENT})
EVERYBODY = Audience(roles=frozenset(Role))


def audience(conversation: Conversation, offered_to: Collection[AgentId] = ()) -> Audience:
    """Who may see this conversation now, as far as the conversation itself tells."""
    if conversation.owner.kind is OwnerKind.QUEUE and not offered_to and conversation.state is not State.RESOLVED:
        return _of_group(conversation.group)
    agents = set(offered_to)
    if conversation.owner.kind is OwnerKind.AGENT:
        agents.add(AgentId(conversation.owner.id))
    if conversation.last_answer is not None and conversation.state is State.RESOLVED:
        agents.add(conversation.last_answer.agent)
    is_a_persons = conversation.owner.kind is OwnerKind.AGENT and conversation.state is not State.RESOLVED
    groups = frozenset() if is_a_persons else frozenset({conversation.group})
    return Audience(agents=frozenset(agents), groups=groups)


@lru_cache(maxsize=1_000)
def _of_group(group: GroupId) -> Audience:
    """What most conversations have: all waiting ones of a group share one value."""
    return Audience(groups=frozenset({group}))


def looks_silently(viewer: Agent, those: Audience) -> bool:
    """Whether nobody learns that this agent looks: a senior's look at what others have leaves no trace (§18)."""
    return viewer.role in SENIOR and viewer.id not in those.agents


def may_act(viewer: Agent, conversation: Conversation) -> bool:
    """Whether this agent may decide about the conversation: seniors about any, insiders about what nobody owns."""
    if viewer.role in SENIOR:
        return True
    if conversation.owner.kind is OwnerKind.AGENT and conversation.state is not State.RESOLVED:
        return conversation.owner.id == viewer.id
    return viewer.role is Role.AGENT
