"""One voice: in generated conversations two bots and people answer late, and never talk over each other."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from router.board import Board
from router.conversation import Conversation, Owner, OwnerKind
from router.decide import decide
from router.effects import AskBot, Effect, RecordConversation, RecordMessage
from router.errors import Refused
from router.events import (
    AgentConnected,
    AgentReplied,
    AnyEvent,
    BotReplied,
    ConversationAssigned,
    HandoffRequested,
    IntentChanged,
    TimerFired,
)
from router.ids import ConversationId, EventId, MessageId
from router.message import AuthorKind, Text
from router.presence import Intent
from router.rules import bots
from router.settings import GroupSettings, Settings
from router.turn import Turn
from skills.agent import Agent, AgentKind
from skills.group import Group, GroupKind
from skills.ids import AgentId, GroupId
from tests.router.world import ASIA, DESK, MONDAY, company, message, seconds

CONVERSATIONS = 2_000
"""How many are generated in `make test`; 25 times as many under `make torture`."""

SECOND, SECOND_BOT = GroupId("second-desk"), AgentId("second-bot")
CHEN = AgentId("chen")
WORDS = (Text(text="so"),)


def with_two_bots() -> Settings:
    """The company with a second bot, to which the first may hand over."""
    settings = company()
    group = Group(id=SECOND, name={"en": "Second"}, kind=GroupKind.BOT, bot=SECOND_BOT)
    agents = {**settings.agents, SECOND_BOT: Agent(id=SECOND_BOT, name="Second", kind=AgentKind.BOT)}
    return replace(settings, groups={**settings.groups, SECOND: GroupSettings(group=group, then=ASIA)}, agents=agents)


@dataclass
class Talk:
    """One generated conversation: the board, what bots still think about, who has the word."""

    chance: random.Random
    board: Board = field(default_factory=lambda: Board(with_two_bots()))
    now: datetime = MONDAY
    number: int = 0
    thinking: list[AskBot] = field(default_factory=list)
    owner: Owner | None = None
    bots_said: int = 0
    dropped: int = 0
    breaches: list[str] = field(default_factory=list)

    def happen(self, event: AnyEvent) -> None:
        """Decide it; every message that a bot says is checked against who had the word before."""
        owner = self.owner
        try:
            effects = decide(self.board, event)
        except Refused:
            self.dropped += isinstance(event, BotReplied)
            return
        for effect in effects:
            self._look(effect, owner)

    def _look(self, effect: Effect, owner: Owner | None) -> None:
        if isinstance(effect, AskBot):
            self.thinking.append(effect)
        elif isinstance(effect, RecordConversation):
            self.owner = effect.conversation.owner
        elif isinstance(effect, RecordMessage) and effect.author.kind is AuthorKind.BOT:
            self.bots_said += 1
            if owner != Owner(OwnerKind.BOT, effect.author.id):
                self.breaches.append(f"{effect.author.id} spoke while {owner} had the word")

    def head(self) -> dict[str, object]:
        """An event's id and instant, a little later than the one before."""
        self.number += 1
        self.now += timedelta(seconds=self.chance.choice([0, 1, 4, 11]))
        return {"id": EventId(f"e{self.number}"), "at": self.now}

    @property
    def conversation(self) -> Conversation | None:
        """The one conversation, while it is open."""
        return next(iter(self.board.conversations.values()), None)


def writes(talk: Talk) -> None:
    """The contact writes, now and then for a person."""
    text = talk.chance.choice(["hello", "so", "human", "and?"])
    talk.head()
    entry = talk.chance.choice(["", "", "", "asia"])
    talk.happen(message(talk.number, "kim", talk.now, entry=entry, parts=(Text(text=text),)))


def bot_answers(talk: Talk) -> None:
    """A bot has thought, soon or long ago, about the latest question or an old one; perhaps it says it twice."""
    if not talk.thinking:
        return
    ask = talk.chance.choice(talk.thinking)
    if talk.chance.random() < 0.7:
        talk.thinking.remove(ask)
    answered = {"conversation": ask.conversation, "epoch": ask.epoch, "message": MessageId(f"b{talk.number}")}
    if talk.chance.random() < 0.75:
        awaits = talk.chance.random() < 0.5
        talk.happen(BotReplied(**talk.head(), **answered, bot=ask.bot, to=ask.message, parts=WORDS, awaits=awaits))  # type: ignore[arg-type]  # as named
    else:
        group = talk.chance.choice([None, DESK, SECOND, ASIA])
        talk.happen(HandoffRequested(**talk.head(), **answered, by=ask.bot, reason="done", group=group, parts=WORDS))  # type: ignore[arg-type]  # as named


def person_takes(talk: Talk) -> None:
    """A person pulls the conversation, or answers it from another surface."""
    conversation = talk.conversation
    if conversation is None:
        return
    if talk.chance.random() < 0.5:
        talk.happen(ConversationAssigned(**talk.head(), conversation=conversation.id, agent=CHEN, by=CHEN))  # type: ignore[arg-type]  # as named
    else:
        said = {"conversation": conversation.id, "agent": CHEN, "parts": WORDS}
        talk.happen(AgentReplied(**talk.head(), message=MessageId(f"a{talk.number}"), **said))  # type: ignore[arg-type]  # as named


def back_to_a_bot(talk: Talk) -> None:
    """A person gives it to a bot."""
    conversation = talk.conversation
    if conversation is not None and conversation.owner.kind is OwnerKind.AGENT:
        group = talk.chance.choice([DESK, SECOND])
        head = talk.head()
        talk.happen(
            HandoffRequested(**head, conversation=conversation.id, by=CHEN, reason="form", group=group)  # type: ignore[arg-type]  # as named
        )


def time_passes(talk: Talk) -> None:
    """What is due happens: a bot may be late for good."""
    talk.now += seconds(11)
    for (kind, subject), at in list(talk.board.timers.items()):
        if at <= talk.now:
            talk.happen(TimerFired(**talk.head(), kind=kind, subject=subject))  # type: ignore[arg-type]  # as named


MOVES: tuple[Callable[[Talk], None], ...] = (
    *(writes,) * 4, *(bot_answers,) * 5, *(person_takes,) * 2, back_to_a_bot, time_passes,
)  # fmt: skip


def played(seed: int) -> Talk:
    """One conversation, from beginning to end."""
    talk = Talk(random.Random(seed))
    talk.happen(AgentConnected(**talk.head(), agent=CHEN))  # type: ignore[arg-type]  # as named
    talk.happen(IntentChanged(**talk.head(), agent=CHEN, intent=talk.chance.choice([Intent.READY, Intent.AWAY])))  # type: ignore[arg-type]  # as named
    writes(talk)
    for _ in range(talk.chance.randint(3, 18)):
        talk.chance.choice(MOVES)(talk)
    return talk


def test_nobody_talks_over_anybody(effort: int) -> None:
    """Whatever is late, repeated or handed round: who speaks has the word; and many late answers were dropped."""
    talks = [played(seed) for seed in range(CONVERSATIONS * effort)]
    assert [breach for talk in talks for breach in talk.breaches] == []
    assert sum(talk.bots_said for talk in talks) > len(talks) / 2
    assert sum(talk.dropped for talk in talks) > len(talks) / 2


def unguarded(turn: Turn, event: BotReplied) -> None:
    """A bot's answer goes out, whoever has the conversation."""
    conversation = turn.board.conversation(ConversationId(event.conversation))
    bots.say(turn, conversation, event.bot, event.message, event.parts)


def test_without_the_epoch_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the guard off, bots are heard over people, and over each other."""
    monkeypatch.setattr("router.rules.bots.bot_replied", unguarded)
    breaches = [breach for seed in range(200) for breach in played(seed).breaches]
    assert any("AGENT" in breach for breach in breaches)
    assert any("OwnerKind.BOT" in breach for breach in breaches)
