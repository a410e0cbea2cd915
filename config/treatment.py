"""Treatment: sections of groups and targets as the core's settings; what is not written has the core's own default."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from config.models.bots import BotSection
from config.models.group import (
    GraceSection,
    GroupSection,
    MenuSection,
    OverflowSection,
    RelaxSection,
    StillThereSection,
    WrapUpSection,
)
from config.models.section import ANY_LANGUAGE
from config.models.target import TargetSection, TargetWhenSection
from router.clocks import Rest, Target
from router.ids import ChannelName, PriorityTag, ReplyId
from router.settings import (
    AfterHours,
    AfterHoursPolicy,
    BotPolicy,
    FirstReply,
    GroupSettings,
    IdlePolicy,
    IfFull,
    OfferMode,
    OfferPolicy,
    Stickiness,
    Sticky,
    StillThere,
    WaitingMenu,
    WaitingPolicy,
    WrapUpField,
)
from skills.group import Group, GroupKind, OverflowStep, OverflowWhen, Pick, RelaxStep
from skills.ids import AgentId, GroupId, HoursId, SkillId
from skills.skill import requirement


def build_group(
    key: str,
    section: GroupSection,
    language: str,
    bot: BotSection | None = None,
    default_hours: str | None = None,
) -> GroupSettings:
    """The group and how its conversations are treated; a name without a language counts for ``language``."""
    after_hours = section.after_hours
    return GroupSettings(
        group=_group(key, section, language, default_hours if section.kind == "human" else None),
        offer=OfferPolicy(mode=OfferMode(section.offer.mode), **given(section.offer, "within", "cool_down")),
        first_reply=FirstReply(
            hops=section.first_reply.hops,
            holding=_reply(section.first_reply.holding),
            **given(section.first_reply, "nudge", "back"),
        ),
        sticky=Sticky(
            owner=Stickiness(section.sticky.owner),
            if_full=IfFull(section.sticky.if_full),
            **given(section.sticky, "window", "wait", "owner_wait", "if_draining"),
        ),
        after_hours=AfterHoursPolicy(
            reply=_reply(after_hours.reply),
            then=AfterHours(after_hours.then),
            to=GroupId(after_hours.to) if after_hours.to else None,
            grace=after_hours.grace_after_close,
        ),
        waiting=WaitingPolicy(
            reply=_reply(section.waiting.reply),
            outcome=section.waiting.then,
            menu=_menu(section.waiting.menu),
            still_there=_still_there(section.waiting.still_there),
            **given(section.waiting, "after", "every", "longest"),
        ),
        idle=IdlePolicy(remind_reply=_reply(section.idle.reply), **given(section.idle, "remind", "resolve")),
        bot=_bot_policy(section, bot),
        then=GroupId(section.then) if section.then else None,
        **given(section, "reopen_window", "closing_soon"),
        **_wrap_up(section.wrap_up),
        **_grace(section.grace),
    )


def _bot_policy(section: GroupSection, bot: BotSection | None) -> BotPolicy:
    return BotPolicy(
        while_waiting=AgentId(section.bot_while_waiting) if section.bot_while_waiting else None,
        **(given(bot, "deadline", "rounds") if bot is not None else {}),
    )


def _group(key: str, section: GroupSection, language: str, default_hours: str | None) -> Group:
    hours = section.hours or default_hours
    named = section.name or {language: key}
    return Group(
        id=GroupId(key),
        name={tag if tag != ANY_LANGUAGE else language: text for tag, text in named.items()},
        kind=GroupKind(section.kind),
        bot=AgentId(section.bot) if section.bot else None,
        hours=HoursId(hours) if hours else None,
        requirement=requirement(levels_of(section.requires), levels_of(section.prefers)),
        pick=Pick(section.pick),
        relax=tuple(sorted((_relax(step) for step in section.relax), key=lambda step: step.after)),
        overflow=tuple(sorted((_overflow(step) for step in section.overflow), key=lambda step: step.after)),
    )


def _relax(step: RelaxSection) -> RelaxStep:
    return RelaxStep(
        after=step.after,
        drop=frozenset(SkillId(skill) for skill in step.drop or ()),
        requires=levels_of(step.requires) if step.requires is not None else None,
        add=tuple(GroupId(group) for group in step.add or ()),
        priority=step.priority or "",
    )


def _overflow(step: OverflowSection) -> OverflowStep:
    when = OverflowWhen(step.when) if step.when else None
    return OverflowStep(
        after=step.after or timedelta(),
        to=GroupId(step.to) if step.to else None,
        when=OverflowWhen.LONG_QUEUE if step.queue_longer_than is not None else when,
        longer_than=step.queue_longer_than or 0,
    )


def _menu(section: MenuSection | None) -> WaitingMenu | None:
    if section is None:
        return None
    spans = given(section, "after", "message_within", "call_back_within")
    return WaitingMenu(reply=ReplyId(section.reply), **spans)


def _still_there(section: StillThereSection | None) -> StillThere | None:
    return None if section is None else StillThere(reply=ReplyId(section.reply), **given(section, "after", "timeout"))


def _wrap_up(section: WrapUpSection | None) -> dict[str, Any]:
    if section is None:
        return {}
    fields = tuple(WrapUpField(field) for field in section.require)
    return {"wrap_up": section.span or timedelta(), "wrap_up_requires": fields}


def _grace(section: GraceSection | None) -> dict[str, Any]:
    spans = {"grace": section.desktop, "grace_phone": section.phone} if section is not None else {}
    return {name: span for name, span in spans.items() if span is not None}


def build_target(section: TargetSection, line: int = 0) -> Target:
    """A target of the file, where it stands there."""
    when = section.when or TargetWhenSection()
    return Target(
        line=line,
        groups=frozenset(map(GroupId, when.group or ())),
        priorities=frozenset(map(PriorityTag, when.priority or ())),
        channels=frozenset(map(ChannelName, when.channel or ())),
        first=section.first,
        next=section.next,
        resolve=section.resolve,
        pause=tuple(pause for pause in Rest if pause.value in section.pause),
    )


def levels_of(levels: Mapping[str, int]) -> dict[SkillId, int]:
    """Skills and levels under their ids."""
    return {SkillId(skill): level for skill, level in levels.items()}


def _reply(reply: str | None) -> ReplyId | None:
    return ReplyId(reply) if reply else None


def given(section: object, *names: str) -> dict[str, Any]:
    """The values that were written, by name."""
    values = {name: getattr(section, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}
