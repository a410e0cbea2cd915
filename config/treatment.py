"""Treatment: a group's section as the core's group settings; what is not written has the core's own default."""

from collections.abc import Mapping
from typing import Any

from config.models.bots import BotSection
from config.models.group import GroupSection, RelaxSection
from config.models.section import ANY_LANGUAGE
from router.ids import ReplyId
from router.settings import (
    AfterHours,
    AfterHoursPolicy,
    BotPolicy,
    FirstReply,
    GroupSettings,
    IdlePolicy,
    OfferMode,
    OfferPolicy,
    Stickiness,
    Sticky,
    WaitingPolicy,
)
from skills.group import Group, GroupKind, OverflowStep, Pick, RelaxStep
from skills.ids import AgentId, GroupId, HoursId, SkillId
from skills.skill import requirement


def build_group(key: str, section: GroupSection, language: str, bot: BotSection | None = None) -> GroupSettings:
    """The group and how its conversations are treated; a name without a language counts for ``language``."""
    after_hours = section.after_hours
    return GroupSettings(
        group=_group(key, section, language),
        offer=OfferPolicy(mode=OfferMode(section.offer.mode), **_given(section.offer, "within", "cool_down")),
        first_reply=FirstReply(hops=section.first_reply.hops, **_given(section.first_reply, "nudge", "back")),
        sticky=Sticky(owner=Stickiness(section.sticky.owner), **_given(section.sticky, "window", "wait")),
        after_hours=AfterHoursPolicy(
            reply=_reply(after_hours.reply),
            then=AfterHours(after_hours.then),
            to=GroupId(after_hours.to) if after_hours.to else None,
        ),
        waiting=WaitingPolicy(
            reply=_reply(section.waiting.reply),
            outcome=section.waiting.then,
            **_given(section.waiting, "after", "every", "longest"),
        ),
        idle=IdlePolicy(remind_reply=_reply(section.idle.reply), **_given(section.idle, "remind", "resolve")),
        bot=_bot_policy(section, bot),
        then=GroupId(section.then) if section.then else None,
        **_given(section, "wrap_up", "reopen_window", "grace"),
    )


def _bot_policy(section: GroupSection, bot: BotSection | None) -> BotPolicy:
    return BotPolicy(
        while_waiting=AgentId(section.bot_while_waiting) if section.bot_while_waiting else None,
        **(_given(bot, "deadline", "rounds") if bot is not None else {}),
    )


def _group(key: str, section: GroupSection, language: str) -> Group:
    return Group(
        id=GroupId(key),
        name={tag if tag != ANY_LANGUAGE else language: text for tag, text in section.name.items()},
        kind=GroupKind(section.kind),
        bot=AgentId(section.bot) if section.bot else None,
        hours=HoursId(section.hours) if section.hours else None,
        requirement=requirement(levels_of(section.requires), levels_of(section.prefers)),
        pick=Pick(section.pick),
        relax=tuple(sorted((_relax(step) for step in section.relax), key=lambda step: step.after)),
        overflow=tuple(
            sorted(
                (OverflowStep(after=step.after, to=GroupId(step.to)) for step in section.overflow),
                key=lambda step: step.after,
            )
        ),
    )


def _relax(step: RelaxSection) -> RelaxStep:
    return RelaxStep(
        after=step.after,
        drop=frozenset(SkillId(skill) for skill in step.drop or ()),
        requires=levels_of(step.requires) if step.requires is not None else None,
    )


def levels_of(levels: Mapping[str, int]) -> dict[SkillId, int]:
    """Skills and levels under their ids."""
    return {SkillId(skill): level for skill, level in levels.items()}


def _reply(reply: str | None) -> ReplyId | None:
    return ReplyId(reply) if reply else None


def _given(section: object, *names: str) -> dict[str, Any]:
    """The values that were written, by name."""
    values = {name: getattr(section, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}
