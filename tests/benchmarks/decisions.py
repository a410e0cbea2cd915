"""Decisions of the core: how many a second, and whether the cost grows with the queue or with the agents.

30 groups with a skill each, every agent in three of them with room for four. In the backlog everybody is full: an agent
resolves a conversation and gets the best that waits, a contact writes and joins the queue, so that its length stays.
With free agents, a contact writes and gets the best agent.
"""

import gc
import itertools
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from router.board import Board, queued
from router.conversation import Conversation, Owner, OwnerKind, State
from router.decide import decide
from router.due import due
from router.events import AnyEvent, ContactFacts, ConversationResolved, MessageReceived
from router.ids import ChannelName, ContactId, ConversationId, EventId, InboxId, MessageId, PriorityTag, Tag, ThreadId
from router.message import Text
from router.presence import Intent, Presence, Reachability
from router.settings import GroupSettings, Settings
from router.triage import GroupRule, PriorityRule, Triage, When
from skills.agent import Agent
from skills.group import Group
from skills.ids import AgentId, GroupId, SkillId
from skills.skill import requirement

SKILLS = 30
SKILLS_EACH = 3
UNITS = 4
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NAMES = [f"visa-{number:02}" for number in range(SKILLS)]
SIZES = ((100, 100), (10_000, 100), (100_000, 100), (100, 5_000), (10_000, 5_000), (100_000, 5_000))
EVENTS = 4_000
NORMAL, VIP = PriorityTag("normal"), PriorityTag("vip")
HELLO = (Text(text="我想办日本签证，需要什么材料？"),)


def measure() -> dict[str, float]:
    """Decisions a second and microseconds at the median and the 99th percentile, by waiting × agents."""
    figures: dict[str, float] = {}
    for waiting, agents in SIZES:
        board = _backlog(waiting, agents)
        _note(figures, f"backlog {waiting:,} × {agents:,}", _spent(board, _turnover(board)))
    for agents in (100, 5_000):
        _note(figures, f"arrival, {agents:,} free", _spent(_backlog(0, agents, is_full=False), _arrivals(agents)))
    _note(figures, "message in an active conversation", _spent(_backlog(100, 100), _messages(100)))
    flatness = figures["backlog 100,000 × 5,000 p50 µs"] / figures["backlog 100 × 100 p50 µs"]
    figures["median at 100,000 × 5,000 ÷ at 100 × 100"] = flatness
    return figures


def _note(figures: dict[str, float], what: str, spans: list[float]) -> None:
    ordered = sorted(spans)
    figures[f"{what} decisions/s"] = len(spans) / sum(spans)
    figures[f"{what} p50 µs"] = ordered[len(ordered) // 2] * 1e6
    figures[f"{what} p99 µs"] = ordered[len(ordered) * 99 // 100] * 1e6


def _spent(board: Board, events: Iterator[AnyEvent]) -> list[float]:
    """Seconds of this thread per decision: other processes do not count.

    The collector runs as in the gateway: frozen after start-up, with a high threshold.
    """
    spans = []
    gc.collect()
    gc.freeze()
    thresholds = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        for event in itertools.islice(events, EVENTS):
            began = time.thread_time()
            decide(board, event)
            spans.append(time.thread_time() - began)
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
    return spans


def company(agents: int) -> Settings:
    """So many agents, each with three of thirty skills and in the groups that ask for them."""
    return Settings(
        version=1,
        languages=("zh-CN", "en"),
        hours={},
        skills={SkillId(name): name for name in NAMES},
        priorities={NORMAL: timedelta(minutes=5), VIP: timedelta(seconds=15)},
        groups={
            GroupId(name): GroupSettings(
                group=Group(id=GroupId(name), name={"en": name}, requirement=requirement({SkillId(name): 1}))
            )
            for name in NAMES
        },
        agents={AgentId(f"a{number}"): _agent(number) for number in range(agents)},
        triage=Triage(
            priority=(
                PriorityRule(name="vip", line=1, when=When(contact_tags=frozenset({Tag("vip")})), priority=VIP),
                PriorityRule(name="otherwise", line=2, when=When(), priority=NORMAL),
            ),
            group=(
                *(
                    GroupRule(name=name, line=3, when=When(entry=frozenset({name})), group=GroupId(name))
                    for name in NAMES[1:]
                ),
                GroupRule(name="otherwise", line=4, when=When(), group=GroupId(NAMES[0])),
            ),
        ),
    )


def _agent(number: int) -> Agent:
    own = [NAMES[(number * 7 + step * 11) % SKILLS] for step in range(SKILLS_EACH)]
    return Agent(
        id=AgentId(f"a{number}"),
        name=f"a{number}",
        groups=frozenset(GroupId(name) for name in own),
        skills={SkillId(name): 1 + number % 5 for name in own},
        units=UNITS,
    )


def _backlog(waiting: int, agents: int, *, is_full: bool = True) -> Board:
    settings = company(agents)
    board = Board(settings)
    conversations = [_waiting(settings, number) for number in range(waiting)]
    if is_full:
        conversations += [_active(settings, number, slot) for number in range(agents) for slot in range(UNITS)]
    presences = [
        Presence(
            agent=each, intent=Intent.READY, reachability=Reachability.CONNECTED, idle_since=NOON - timedelta(hours=1)
        )
        for each in settings.agents
    ]
    board.restore(conversations, (), presences, NOON)
    return board


def _waiting(settings: Settings, number: int) -> Conversation:
    since = NOON - timedelta(hours=1) + timedelta(milliseconds=30 * number)
    group = GroupId(NAMES[number % SKILLS])
    priority = VIP if number % 10 == 0 else NORMAL
    return Conversation(
        id=ConversationId(f"w{number}"),
        thread=ThreadId(f"w{number}"),
        contact=ContactId(f"w{number}"),
        inbox=InboxId("website"),
        channel=ChannelName("web"),
        group=group,
        state=State.WAITING,
        owner=queued(group),
        epoch=1,
        priority=priority,
        created_at=since,
        requirement=settings.groups[group].group.requirement,
        entered_waiting_at=since,
        due_from=since,
        queued_at=since,
        due_at=due(settings.priorities, priority, since),
        unanswered_since=since,
    )


def _active(settings: Settings, agent: int, slot: int) -> Conversation:
    group = min(settings.agents[AgentId(f"a{agent}")].groups)
    name = f"a{agent}.{slot}"
    return Conversation(
        id=ConversationId(name),
        thread=ThreadId(name),
        contact=ContactId(name),
        inbox=InboxId("website"),
        channel=ChannelName("web"),
        group=group,
        state=State.ACTIVE,
        owner=Owner(OwnerKind.AGENT, f"a{agent}"),
        epoch=2,
        priority=NORMAL,
        created_at=NOON,
        requirement=settings.groups[group].group.requirement,
        assigned_at=NOON,
    )


def _written(number: int, contact: str, entry: str) -> MessageReceived:
    return MessageReceived(
        id=EventId(f"e{number}"),
        at=NOON + timedelta(milliseconds=10 * number),
        thread=ThreadId(contact),
        contact=ContactFacts(id=ContactId(contact)),
        inbox=InboxId("website"),
        channel=ChannelName("web"),
        message=MessageId(f"m{number}"),
        parts=HELLO,
        new_conversation=ConversationId(f"n{number}"),
        entry=entry,
    )


def _turnover(board: Board) -> Iterator[AnyEvent]:
    """An agent resolves the oldest conversation and gets the next; a contact writes; and again, agent after agent."""
    seats = list(board.roster.seats.values())
    for number in itertools.count():
        seat = seats[number % len(seats)]
        at = NOON + timedelta(milliseconds=20 * number)
        resolved = ConversationId(next(iter(seat.carried)))
        yield ConversationResolved(id=EventId(f"r{number}"), at=at, conversation=resolved, by=seat.id)
        yield _written(2 * number, f"c{number}", NAMES[number % SKILLS])


def _arrivals(agents: int) -> Iterator[AnyEvent]:
    """Contacts write as long as there is room; then each one's conversation is resolved again."""
    for number in itertools.count():
        yield _written(2 * number, f"c{number}", NAMES[number % SKILLS])
        if number >= agents:
            old = 2 * (number - agents)
            at = NOON + timedelta(milliseconds=20 * number + 10)
            yield ConversationResolved(id=EventId(f"r{number}"), at=at, conversation=ConversationId(f"n{old}"), by="x")


def _messages(agents: int) -> Iterator[AnyEvent]:
    """Contacts of active conversations go on writing."""
    for number in itertools.count():
        yield _written(number, f"a{number % agents}.0", "")
