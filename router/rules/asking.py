"""Asking a bot: what it owes an answer to, from when, and how often a contact may be sent round."""

from collections.abc import Mapping
from dataclasses import replace

from router.conversation import BotSide, Conversation
from router.effects import AskBot
from router.ids import MessageId
from router.settings import GroupSettings, Settings
from router.turn import Turn
from skills.group import GroupKind
from skills.ids import AgentId, GroupId, SkillId

ITSELF = MessageId("")
"""In place of a message: the conversation is given to the bot, which may speak first."""


def ask(
    turn: Turn,
    conversation: Conversation,
    bot: AgentId,
    message: MessageId | None,
    elsewhere: tuple[GroupId, Mapping[SkillId, int]] | None = None,
) -> Conversation:
    """Ask the bot that owns the conversation; the first question that it owes an answer starts its deadline."""
    side = conversation.bot
    if side.of != bot:
        side = BotSide(of=bot, fields=side.fields, rounds=side.rounds)
    asked = message if message is not None else ITSELF
    owed = side.asked if conversation.asked_bot_at is not None else ()
    conversation = turn.save(
        conversation.but(
            asked_bot_at=conversation.asked_bot_at or turn.at,
            bot=replace(side, asked=(*owed, asked), rounds=side.rounds + 1),
        )
    )
    group, requires = elsewhere or (None, {})
    turn.say(
        AskBot(
            conversation=conversation.id,
            bot=bot,
            epoch=conversation.epoch,
            message=asked,
            elsewhere=group,
            requires=requires,
        )
    )
    return conversation


def put_aside(side: BotSide, reason: str) -> BotSide:
    """The bot is not asked any more: nothing is owed, and people read why."""
    return replace(side, asked=(), awaits=False, by=side.of, reason=reason, summary="")


def is_worn_out(conversation: Conversation, its: GroupSettings) -> bool:
    """Whether bots have had their rounds with this contact: it is people's turn."""
    return conversation.bot.rounds >= its.bot.rounds


def people_behind(settings: Settings, group: GroupId) -> GroupId | None:
    """The people to whom a bot's group leads, through other bots if need be; None when it leads to none."""
    seen: set[GroupId] = set()
    at: GroupId | None = group
    while at is not None and at not in seen and (its := settings.groups.get(at)) is not None:
        if its.group.kind is GroupKind.HUMAN:
            return at
        seen.add(at)
        at = its.then
    return None
