"""Groups, as they are written. Defaults are those of ``routing.md``; the core's values say the same."""

from typing import Literal

from pydantic import Field

from config.models.section import Duration, Id, Ids, Levels, Section, Texts


class OfferSection(Section):
    """How a conversation comes to an agent."""

    mode: Literal["auto", "accept", "broadcast"] = "auto"
    """auto: assigned at once. accept: offered to one agent, who accepts. broadcast: offered to all, first come."""
    within: Duration | None = None
    """How long an offer stays open (default 20s)."""
    cool_down: Duration | None = None
    """How long an agent who declined or missed is not offered the same conversation again (default 90s)."""


class FirstReplySection(Section):
    """The guard on conversations that were assigned but not answered."""

    nudge: Duration | None = None
    """When the agent is reminded (default 60s)."""
    back: Duration | None = Field(default=None, alias="return")
    """When the conversation goes back to the queue (default 120s)."""
    hops: int = Field(default=3, ge=0, le=20)
    """How often it may go back before a supervisor is told."""


class StickySection(Section):
    """Whether the agent who answered last is preferred."""

    owner: Literal["off", "soft", "hard"] = "soft"
    """soft: a head start; hard: nobody else; off: not at all."""
    window: Duration | None = None
    """How long ago the answer may be (default 72h)."""
    wait: Duration | None = None
    """How long the head start is (default 45s)."""


class RelaxSection(Section):
    """A step that asks less of the agent as waiting grows; it may only add agents."""

    after: Duration
    """Since the conversation began to wait."""
    drop: Ids | None = None
    """Skills of `prefers` that are no longer asked for."""
    requires: Levels | None = None
    """Lower levels for skills of `requires`."""


class OverflowSection(Section):
    """A step that lets another group answer too; the conversation stays in its own."""

    after: Duration
    """Since the conversation began to wait."""
    to: Id
    """The group that may answer too."""


class AfterHoursSection(Section):
    """What a closed group does with a conversation."""

    reply: Id | None = None
    """The reply that goes out, once in each closed window."""
    then: Literal["hold", "bot", "form", "redirect", "decline"] = "hold"
    """hold: waits for the opening. bot, redirect: goes to the group in `to`. form: asks for details. decline: ends."""
    to: Id | None = None
    """The group for bot and redirect."""


class WaitingSection(Section):
    """What a waiting contact is told."""

    reply: Id | None = None
    """The reply that says the position."""
    after: Duration | None = None
    """When it goes out first (default 30s)."""
    every: Duration | None = None
    """How often it is repeated when something has changed (default 2m)."""
    longest: Duration | None = Field(default=None, alias="max")
    """How long somebody waits at most."""
    then: Literal["leave_message", "resolve"] = "leave_message"
    """What happens at `max`."""


class IdleSection(Section):
    """What happens when the contact of an answered conversation is silent."""

    remind: Duration | None = None
    """When the contact is reminded."""
    reply: Id | None = None
    """The reply that reminds."""
    resolve: Duration | None = None
    """When the conversation is resolved."""


class GroupSection(Section):
    """A skill group: who serves a queue, and when."""

    name: Texts
    """What people call it, in each language."""
    kind: Literal["human", "bot"] = "human"
    """Whether people answer, or one bot."""
    bot: Id | None = None
    """The bot of agents.yaml that answers, when kind is bot."""
    hours: Id | None = None
    """When it answers; without hours, always."""
    requires: Levels = {}
    """Skills with least levels that an agent must have."""
    prefers: Levels = {}
    """Skills with least levels that are asked for until a `relax` step drops them."""
    pick: Literal["longest_idle", "least_loaded", "best_skill", "round_robin"] = "longest_idle"
    """Which of several agents gets a conversation."""
    offer: OfferSection = OfferSection()
    """How a conversation comes to an agent."""
    first_reply: FirstReplySection = FirstReplySection()
    """The guard on conversations that were assigned but not answered."""
    sticky: StickySection = StickySection()
    """Whether the agent who answered last is preferred."""
    relax: list[RelaxSection] = []
    """Steps that ask less of the agent as waiting grows."""
    overflow: list[OverflowSection] = []
    """Steps that let other groups answer too."""
    after_hours: AfterHoursSection = AfterHoursSection()
    """What it does while it is closed."""
    waiting: WaitingSection = WaitingSection()
    """What a waiting contact is told."""
    idle: IdleSection = IdleSection()
    """What happens when the contact is silent."""
    wrap_up: Duration | None = None
    """How long an agent's load stays after resolving (default 0s)."""
    reopen_window: Duration | None = None
    """How long after resolving a message reopens the conversation (default 4h)."""
    grace: Duration | None = None
    """How long an agent without connection keeps own conversations (default 60s)."""
    bot_while_waiting: Id | None = None
    """The faq bot that may answer contacts who wait for people here."""
    then: Id | None = None
    """A bot group's next group: where it hands over, and where conversations go when the bot is down."""
