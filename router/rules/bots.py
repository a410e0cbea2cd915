"""Bots: what a message means to the bot that has the conversation, and what its answer does.

A bot is an agent that may be overtaken. Whatever it says carries the epoch under which it was asked: when a person has
come meanwhile, it is refused, and the contact never hears two voices. A contact who asks for a person gets one without
the bot being asked at all, so that this works with every bot, and with one that hangs.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from router.conversation import BotSide, Conversation, Owner, OwnerKind, State
from router.effects import AskBot, Deliver, DeskWord, Direction, RecordMessage, TellDesk
from router.errors import NotOwner
from router.events import BotReplied, HandoffRequested, MessageReceived
from router.ids import MessageId
from router.message import Author, AuthorKind, Choice, Part, plain_text
from router.reason import Code, Reason
from router.rules.asking import ask, is_worn_out, people_behind, put_aside
from router.rules.waiting import group_of_people, send_to_group
from router.triage import Classification
from router.turn import Turn
from skills.ids import AgentId, GroupId

ASKED_FOR_PERSON = "asked_for_person"
WORN_OUT = "bot_rounds"


def while_with_bot(
    turn: Turn, event: MessageReceived, conversation: Conversation, verdict: Classification | None
) -> None:
    """A message while a bot has the conversation: to people when that is asked for, or was too often; else to the bot.

    ``verdict`` is what triage says of the message when it would move the conversation. It does so at once, except
    while the bot waits for an answer: 美国 may be where the contact goes, or what the contact's passport says. Then the
    bot is told where the message would go, and sends it there when it is no answer.
    """
    settings = turn.board.settings
    its = settings.groups.get(conversation.group)
    conversation = conversation.but(
        last_contact_at=event.at,
        unanswered_since=conversation.unanswered_since or event.at,
        entry=event.entry or conversation.entry,
    )
    if verdict is not None:
        conversation = conversation.but(tags=verdict.tags, priority=verdict.priority)
    if settings.person.asks(plain_text(event.parts)):
        _to_people(turn, conversation, ASKED_FOR_PERSON)
    elif its is not None and is_worn_out(conversation, its):
        _to_people(turn, conversation, WORN_OUT)
    else:
        elsewhere = (verdict.group, verdict.requires) if verdict is not None else None
        ask(turn, conversation, AgentId(conversation.owner.id), event.message, elsewhere)


def is_for_the_bot(conversation: Conversation, event: MessageReceived) -> bool:
    """Whether this message may be the answer to what the bot asked, or presses one of its buttons."""
    return conversation.bot.awaits or any(isinstance(part, Choice) for part in event.parts)


def help_while_waiting(turn: Turn, event: MessageReceived, conversation: Conversation) -> None:
    """A bot may answer who waits for people; that is no response, and owes nobody anything."""
    its = turn.board.settings.groups.get(conversation.group)
    waiting = turn.board.conversations.get(conversation.id)
    if its is None or its.bot.while_waiting is None or not event.parts or waiting is None:
        return
    if waiting.state is State.WAITING:
        turn.say(
            AskBot(
                conversation=conversation.id,
                bot=its.bot.while_waiting,
                epoch=waiting.epoch,
                message=event.message,
                is_aside=True,
            )
        )


def bot_replied(turn: Turn, event: BotReplied) -> None:
    """The bot's answer goes out, unless somebody else owns the conversation since the bot was asked.

    Raises:
        UnknownConversation: there is no such open conversation.
        NotOwner: the epoch is old: the answer is dropped, never sent over a person.
    """
    conversation = turn.board.conversation(event.conversation)
    if conversation.epoch != event.epoch:
        raise NotOwner(conversation.owner, conversation.epoch)
    if conversation.owner == Owner(OwnerKind.BOT, event.bot):
        side = conversation.bot
        owed = () if event.to is None else _without(side.asked, event.to)
        turn.save(
            conversation.but(
                asked_bot_at=turn.at if owed else None,
                bot=replace(
                    side,
                    of=event.bot,
                    memory=event.memory,
                    fields=learnt(side, event.fields),
                    asked=owed,
                    awaits=event.awaits,
                ),
            )
        )
    elif not _helps(turn, conversation, event.bot):
        raise NotOwner(conversation.owner, conversation.epoch)
    if event.parts:
        say(turn, conversation, event.bot, event.message, event.parts)


def say(turn: Turn, conversation: Conversation, bot: AgentId, message: MessageId, parts: tuple[Part, ...]) -> None:
    """A bot's words, to the contact and the desk."""
    known = turn.board.settings.agents.get(bot)
    turn.say(
        RecordMessage(
            id=message,
            conversation=conversation.id,
            direction=Direction.OUT,
            author=Author(kind=AuthorKind.BOT, id=bot, name=known.public_name if known is not None else ""),
            parts=parts,
            at=turn.at,
        )
    )
    turn.say(Deliver(message=message, conversation=conversation.id))
    turn.say(TellDesk(word=DeskWord.MESSAGE, subject=message, conversation=conversation.id))


def handed_over(side: BotSide, event: HandoffRequested) -> BotSide:
    """What is known after a handoff; nothing is owed any more."""
    return replace(
        side,
        fields=learnt(side, event.fields),
        asked=(),
        awaits=False,
        by=event.by,
        reason=event.reason,
        summary=event.summary,
    )


def learnt(side: BotSide, fields: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What was known, and what is known now; the newer value counts."""
    return tuple({**dict(side.fields), **fields}.items())


def person_instead(turn: Turn, event: MessageReceived, verdict: Classification) -> GroupId:
    """Where a first message goes: past the bots, when it asks for a person, whatever rules and codes say."""
    settings, group = turn.board.settings, verdict.group
    if not settings.person.asks(plain_text(event.parts)):
        return group
    people = people_behind(settings, group) or group_of_people(settings)
    if verdict.code is not None and people != group:
        turn.remark(event.new_conversation, Reason(Code.HANDED_OVER, (ASKED_FOR_PERSON,)))
    return people


def _to_people(turn: Turn, conversation: Conversation, reason: str) -> None:
    settings = turn.board.settings
    send_to_group(
        turn,
        conversation,
        people_behind(settings, conversation.group) or group_of_people(settings),
        reason=Reason(Code.HANDED_OVER, (reason,)),
        entered_waiting_at=None,
        due_from=None,
        boost=timedelta(),
        bot=put_aside(conversation.bot, reason),
    )


def _helps(turn: Turn, conversation: Conversation, bot: AgentId) -> bool:
    its = turn.board.settings.groups.get(conversation.group)
    return conversation.owner.kind is OwnerKind.QUEUE and its is not None and its.bot.while_waiting == bot


def _without(asked: tuple[MessageId, ...], answered: MessageId) -> tuple[MessageId, ...]:
    """What is still owed: what came after the answered message."""
    return asked[asked.index(answered) + 1 :] if answered in asked else ()
