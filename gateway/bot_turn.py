"""One turn of a bot: from what it is asked to the event that says its answer, whatever kind of bot it is."""

import asyncio
import logging
from contextlib import suppress
from typing import Protocol, TypeVar

import msgspec

from adapters.bots import llm, webhook
from adapters.bots.question import Answer, BotUnavailable, Post, Question
from config.bots import Bot, Model, Remote
from config.configuration import Configuration
from gateway.clock import Clock
from gateway.identifiers import Identifiers
from gateway.views.legend import name_in
from router.conversation import BotSide, Conversation
from router.effects import AskBot
from router.events import BotReplied, HandoffRequested
from router.ids import EventId, MessageId
from router.message import Choice, Choices, Option, Part, Text, plain_text
from router.rules.asking import ITSELF
from skills.bots import faq, form
from skills.bots.dialogue import Chip, Handoff, Heard, Reason, Turned, in_language
from skills.bots.faq import Asked, Knowledge
from skills.bots.form import Filled, Form
from skills.bots.wording import AUTOMATIC
from skills.group import GroupKind
from skills.ids import GroupId, SkillId

log = logging.getLogger(__name__)

S = TypeVar("S")

PATIENCE = 1.0
"""Seconds beyond the bot's deadline after which its call is given up: the core has decided by then."""


class Configured(Protocol):
    """Where the configuration in force is found."""

    @property
    def configuration(self) -> Configuration:
        """All three files."""


class Line(Protocol):
    """A way to programs elsewhere, for the machines that the administrator named."""

    def to(self, bot: Remote) -> Post:
        """How this bot is reached."""


class Thinking:
    """Lets bots think. Changes nothing: the events are for the engine."""

    def __init__(self, configuration: Configured, line: Line, clock: Clock, identifiers: Identifiers) -> None:
        self._configured = configuration
        self._line = line
        self._clock = clock
        self._identifiers = identifiers

    async def event(
        self, ask: AskBot, conversation: Conversation, parts: tuple[Part, ...]
    ) -> BotReplied | HandoffRequested | None:
        """What the bot answers; None when it has nothing to say while people are awaited.

        Raises:
            BotUnavailable, TimeoutError: it cannot be reached, or takes too long.
        """
        configuration = self._configured.configuration
        bot = configuration.bots.get(ask.bot)
        if bot is None:
            raise BotUnavailable("it is not configured any more")
        if ask.is_aside:
            return self._aside(ask, bot, _heard_in(conversation, parts, ask))
        turned, memory = await self._turned(bot, ask, conversation, parts)
        if turned.missed:
            log.info("bot had no answer", extra={"conversation": ask.conversation, "bot": ask.bot})
        if turned.handoff is not None:
            return self._handing_over(ask, turned, turned.handoff, configuration)
        return BotReplied(
            id=EventId(self._identifiers.new("evt")),
            at=self._clock.now(),
            conversation=ask.conversation,
            bot=ask.bot,
            epoch=ask.epoch,
            message=MessageId(self._identifiers.new("msg")),
            parts=_parts(turned.text, turned.chips),
            to=ask.message,
            memory=memory,
            fields=turned.fields,
            awaits=turned.awaits,
            missed=turned.missed,
        )

    def _aside(self, ask: AskBot, bot: Bot, heard: Heard) -> BotReplied | None:
        text = faq.answer_only(bot.program, heard) if isinstance(bot.program, Knowledge) else None
        if text is None:
            return None
        mark = in_language(AUTOMATIC, heard.language)
        return BotReplied(
            id=EventId(self._identifiers.new("evt")),
            at=self._clock.now(),
            conversation=ask.conversation,
            bot=ask.bot,
            epoch=ask.epoch,
            message=MessageId(self._identifiers.new("msg")),
            parts=(Text(text=f"{mark}{text}"),),
            to=ask.message,
        )

    async def _turned(
        self, bot: Bot, ask: AskBot, conversation: Conversation, parts: tuple[Part, ...]
    ) -> tuple[Turned[object], str]:
        """The bot's turn, and what it wants to remember."""
        heard, side = _heard_in(conversation, parts, ask), conversation.bot
        memory = side.memory if side.of == ask.bot else ""
        match bot.program:
            case Form():
                filled = form.fill(bot.program, _remembered(Filled, memory) or _known(bot.program, side), heard)
                return _any(filled), _encoded(filled.state)
            case Knowledge():
                answered = faq.answer(bot.program, _remembered(Asked, memory) or Asked(), heard)
                return _any(answered), _encoded(answered.state)
            case Remote() | Model():
                return await self._from_elsewhere(bot.program, ask, conversation, parts, memory)

    async def _from_elsewhere(
        self, program: Remote | Model, ask: AskBot, conversation: Conversation, parts: tuple[Part, ...], memory: str
    ) -> tuple[Turned[object], str]:
        question = Question(
            conversation=ask.conversation,
            epoch=ask.epoch,
            language=conversation.language,
            message=ask.message,
            parts=parts,
            memory=memory,
            fields=dict(conversation.bot.fields),
        )
        its = self._configured.configuration.settings.groups.get(conversation.group)
        seconds = (its.bot.deadline.total_seconds() if its is not None else 0.0) + PATIENCE
        async with asyncio.timeout(seconds):
            answer = await self._asked(program, question)
        handoff = None
        if answer.handoff is not None:
            given = answer.handoff
            handoff = Handoff(
                reason=given.reason,
                group=GroupId(given.group) if given.group is not None else None,
                requires={SkillId(skill): level for skill, level in given.requires.items()},
                summary=given.summary,
            )
        chips = tuple(Chip(value=each.value, label=each.label) for each in answer.choices)
        turned: Turned[object] = Turned(
            state=None,
            text=answer.text,
            chips=chips,
            fields=answer.fields,
            handoff=handoff,
            awaits=answer.awaits,
        )
        return turned, answer.memory

    async def _asked(self, program: Remote | Model, question: Question) -> Answer:
        """What a program elsewhere, or a language model, answers."""
        if isinstance(program, Remote):
            line = self._line.to(program)
            return await webhook.ask(line, program.url, program.secret, question, self._clock.now())
        endpoint = llm.Endpoint(
            url=program.remote.url,
            secret=program.remote.secret,
            model=program.model,
            instructions=program.instructions,
        )
        settings = self._configured.configuration.settings
        people = {id_: its for id_, its in settings.groups.items() if its.group.kind is GroupKind.HUMAN}
        groups = {str(id_): name_in(its.group.name, settings.languages, id_) for id_, its in people.items()}
        return await llm.ask(self._line.to(program.remote), endpoint, question, groups)

    def _handing_over(
        self, ask: AskBot, turned: Turned[object], handoff: Handoff, configuration: Configuration
    ) -> HandoffRequested:
        group, requires = handoff.group, handoff.requires
        if handoff.is_elsewhere and ask.elsewhere is not None:
            group, requires = ask.elsewhere, ask.requires
        if group is not None and group not in configuration.settings.groups:
            log.warning("bot named an unknown group", extra={"bot": ask.bot, "group": group})
            group, requires = None, {}
        return HandoffRequested(
            id=EventId(self._identifiers.new("evt")),
            at=self._clock.now(),
            conversation=ask.conversation,
            by=ask.bot,
            reason=handoff.reason,
            group=group,
            requires={str(skill): level for skill, level in requires.items()},
            fields=turned.fields,
            epoch=ask.epoch,
            message=MessageId(self._identifiers.new("msg")),
            parts=_parts(turned.text, turned.chips),
            summary=handoff.summary,
            to=ask.message,
            missed=turned.missed,
        )

    def down(self, ask: AskBot) -> HandoffRequested:
        """The bot is down: people are asked."""
        return HandoffRequested(
            id=EventId(self._identifiers.new("evt")),
            at=self._clock.now(),
            conversation=ask.conversation,
            by=ask.bot,
            reason=Reason.DOWN,
            epoch=ask.epoch,
        )


def _heard_in(conversation: Conversation, parts: tuple[Part, ...], ask: AskBot) -> Heard:
    choice = next((part.value for part in parts if isinstance(part, Choice)), "")
    return Heard(
        text=plain_text(parts),
        choice=choice,
        language=conversation.language,
        is_given=ask.message == ITSELF,
        belongs_elsewhere=ask.elsewhere is not None,
    )


def _parts(text: str, chips: tuple[Chip, ...]) -> tuple[Part, ...]:
    options = tuple(Option(value=chip.value, label=chip.label) for chip in chips)
    parts: tuple[Part, ...] = (Text(text=text),) if text else ()
    return (*parts, Choices(options=options)) if options else parts


def _known(questions: Form, side: BotSide) -> Filled:
    """A form that begins anew knows what was learnt before."""
    names = {each.name for each in questions.questions}
    return Filled(values=tuple(pair for pair in side.fields if pair[0] in names))


def _any(turned: Turned[Filled] | Turned[Asked]) -> Turned[object]:
    return turned  # type: ignore[return-value]  # nobody looks into the state any more


def _encoded(state: Filled | Asked) -> str:
    return msgspec.json.encode(state).decode()


def _remembered(kind: type[S], memory: str) -> S | None:
    """The state again; None when there is none, or it is another version's."""
    if not memory:
        return None
    with suppress(msgspec.MsgspecError):
        return msgspec.json.decode(memory, type=kind)
    return None
