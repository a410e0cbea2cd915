"""Groups, as they are written. Defaults are those of ``routing.md``; the core's values say the same."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from config.durations import PATTERN as DURATION
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
    holding: Id | None = None
    """The reply that goes out when the agent says "I am on it"."""


class StickySection(Section):
    """Whether the agent who answered last is preferred."""

    owner: Literal["off", "soft", "hard"] = "soft"
    """soft: a head start; hard: the own agent, then the agent's deputies, then the group; off: not at all."""
    window: Duration | None = None
    """How long ago the answer may be (default 72h)."""
    wait: Duration | None = None
    """How long the head start is (default 45s)."""
    owner_wait: Duration | None = None
    """How long a hard owner is waited for (default 10m); each of the owner's deputies has `wait`."""
    if_draining: Duration | None = None
    """How long ago the answer may be when the agent is draining (default 24h; 0s is never)."""
    if_full: Literal["queue", "skip"] = "queue"
    """queue: the head start waits for room; skip: whoever has none is skipped at once."""


class RelaxSection(Section):
    """A step that asks less of the agent as waiting grows; it may only add agents."""

    after: Duration
    """Since the conversation began to wait."""
    drop: Ids | None = None
    """Skills of `prefers` that are no longer asked for."""
    requires: Levels | None = None
    """Lower levels for skills of `requires`."""
    add: Ids | None = None
    """Groups that may answer too."""
    priority: Id | None = None
    """The priority from then on, if it answers sooner."""


class OverflowSection(Section):
    """A step that lets another group answer too; the conversation stays in its own.

    One of `after`, `when` and `queue_longer_than` says when.
    """

    after: Duration | None = None
    """Since the conversation began to wait."""
    when: Literal["closed", "no_skilled_agent_on_shift"] | None = None
    """closed: while its own group is; no_skilled_agent_on_shift: when nobody of its own group could answer."""
    queue_longer_than: int | None = Field(default=None, ge=1, le=100_000)
    """When so many wait in its own group already."""
    to: Id | None = None
    """The group that may answer too."""
    then: Literal["offer_callback"] | None = None
    """Instead of a group: the contact is offered the menu of `waiting`."""


class AfterHoursSection(Section):
    """What a closed group does with a conversation."""

    reply: Id | None = None
    """The reply that goes out, once in each closed window."""
    then: Literal["hold", "bot", "form", "redirect", "decline"] = "hold"
    """hold: waits for the opening. bot, redirect: goes to the group in `to`. form: asks for details. decline: ends."""
    to: Id | None = None
    """The group for bot and redirect."""
    grace_after_close: Duration | None = None
    """So long after closing, what agents still have is acknowledged and parked until the opening (default: kept)."""


class MenuSection(Section):
    """What a waiting contact may choose: stay, leave a message, be called back, cancel."""

    reply: Id
    """The reply above the buttons."""
    after: Duration | None = None
    """When it goes out (default 2m)."""
    message_within: Duration | None = None
    """How soon a message that was left is answered (default 24h)."""
    call_back_within: Duration | None = None
    """How soon the contact is called back (default 1h)."""


class StillThereSection(Section):
    """A silent contact who waits is asked whether anybody is there."""

    reply: Id
    """The reply that asks."""
    after: Duration | None = None
    """How long the contact may be silent (default 10m)."""
    timeout: Duration | None = None
    """How long the answer may take; after that the conversation is abandoned (default 5m)."""


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
    menu: MenuSection | None = None
    """What the contact may choose instead of waiting."""
    still_there: StillThereSection | None = None
    """Whether a silent contact is asked."""


class IdleSection(Section):
    """What happens when the contact of an answered conversation is silent."""

    remind: Duration | None = None
    """When the contact is reminded."""
    reply: Id | None = None
    """The reply that reminds."""
    resolve: Duration | None = None
    """When the conversation is resolved."""


class WrapUpSection(Section):
    """The time after resolving, and what an agent owes in it."""

    span: Duration | None = Field(default=None, alias="for")
    """How long (default 0s)."""
    require: list[Literal["disposition", "note"]] = []
    """What must be said before a conversation ends."""


class GraceSection(Section):
    """How long an agent without connection keeps own conversations, by device."""

    desktop: Duration | None = None
    """On a desktop (default 60s)."""
    phone: Duration | None = None
    """On a phone (default 180s)."""


def _for(value: object) -> object:
    return {"for": value} if isinstance(value, str) else value


def _on_desktop(value: object) -> object:
    return {"desktop": value} if isinstance(value, str) else value


def _short_or_whole(section: type[Section]) -> WithJsonSchema:
    """A duration, or the whole section."""
    whole = section.model_json_schema()
    return WithJsonSchema({"anyOf": [{"type": "string", "pattern": DURATION}, whole]})


WrapUp = Annotated[WrapUpSection, BeforeValidator(_for), _short_or_whole(WrapUpSection)]
"""``30s``, or ``{for: 30s, require: [disposition]}``."""

Grace = Annotated[GraceSection, BeforeValidator(_on_desktop), _short_or_whole(GraceSection)]
"""``60s``, or ``{desktop: 60s, phone: 3m}``."""


class GroupSection(Section):
    """A skill group: who serves a queue, and when."""

    name: Texts | None = None
    """What people call it, in each language; without a name, its id."""
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
    wrap_up: WrapUp | None = None
    """How long an agent's load stays after resolving (default 0s), and what must be said by then."""
    reopen_window: Duration | None = None
    """How long after resolving a message reopens the conversation (default 4h)."""
    grace: Grace | None = None
    """How long an agent without connection keeps own conversations (default 60s, on a phone 180s)."""
    closing_soon: Duration | None = None
    """So long before closing, whoever would wait beyond it is held until the opening (default: nobody is)."""
    bot_while_waiting: Id | None = None
    """The faq bot that may answer contacts who wait for people here."""
    then: Id | None = None
    """A bot group's next group: where it hands over, and where conversations go when the bot is down."""

    def replies(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Where in it a reply is named, and which: these go out by themselves."""
        waiting = self.waiting
        named = (
            (("after_hours", "reply"), self.after_hours.reply),
            (("waiting", "reply"), waiting.reply),
            (("waiting", "menu", "reply"), waiting.menu.reply if waiting.menu else None),
            (("waiting", "still_there", "reply"), waiting.still_there.reply if waiting.still_there else None),
            (("idle", "reply"), self.idle.reply),
            (("first_reply", "holding"), self.first_reply.holding),
        )
        yield from ((where, reply) for where, reply in named if reply is not None)
