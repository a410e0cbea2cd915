"""A small invented company for the core's tests: its settings, and short ways to say what happens."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from router.clocks import Rest, Target
from router.conversation import Conversation, LastAnswer
from router.direct_code import DirectCode
from router.events import ContactFacts, MessageReceived
from router.ids import (
    ChannelName,
    ContactId,
    ConversationId,
    EventId,
    InboxId,
    MessageId,
    PriorityTag,
    ReplyId,
    Tag,
    ThreadId,
)
from router.message import Part, Text
from router.settings import (
    AfterHours,
    AfterHoursPolicy,
    FirstReply,
    GroupSettings,
    IdlePolicy,
    IfFull,
    Lane,
    OfferMode,
    OfferPolicy,
    Settings,
    Stickiness,
    Sticky,
    StillThere,
    WaitingMenu,
    WaitingPolicy,
    WrapUpField,
)
from router.triage import GroupRule, PriorityRule, TagRule, Triage, When
from skills.agent import Agent, AgentKind
from skills.group import Group, GroupKind, OverflowStep, OverflowWhen, Pick, RelaxStep
from skills.hours import Hours, Interval
from skills.ids import AgentId, GroupId, HoursId, SkillId
from skills.skill import requirement

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""A Monday morning, the office open since nine."""

JP, KR, US, JA = SkillId("visa-jp"), SkillId("visa-kr"), SkillId("visa-us"), SkillId("lang-ja")
JAPAN, ASIA, USA, NIGHT, DESK = (
    GroupId("japan-korea"), GroupId("asia"), GroupId("usa"), GroupId("night"), GroupId("front-desk"),
)  # fmt: skip
VIP, HIGH, NORMAL, LOW = PriorityTag("vip"), PriorityTag("high"), PriorityTag("normal"), PriorityTag("low")
BOT = AgentId("front-desk-bot")


def seconds(count: float) -> timedelta:
    """So many seconds."""
    return timedelta(seconds=count)


def daily(name: str, opens: int, closes: int) -> Hours:
    """Hours that are the same every day, in UTC; full hours."""
    return Hours(id=HoursId(name), zone=UTC, weekly=((Interval(opens * 3600, closes * 3600),),) * 7)


def agent(name: str, *groups: GroupId, units: float = 2.0, shift: str | None = None, **skills: int) -> Agent:
    """An agent with skills given as ``jp=5``."""
    named = {"jp": JP, "kr": KR, "us": US, "ja": JA}
    return Agent(
        id=AgentId(name),
        name=name,
        public_name=name.title(),
        groups=frozenset(groups),
        skills={named[skill]: level for skill, level in skills.items()},
        units=units,
        shift=HoursId(shift) if shift else None,
    )


AGENTS = (
    agent("anna", JAPAN, jp=5, ja=4),
    agent("bao", JAPAN, ASIA, jp=2, kr=3),
    agent("chen", ASIA, kr=5, jp=1, units=3.0),
    agent("dora", USA, us=5),
    agent("emil", USA, ASIA, us=2, jp=1, units=1.0, shift="office"),
)


def groups() -> dict[GroupId, GroupSettings]:
    """Four groups of people, each with another way of working, and a bot's."""
    return {
        JAPAN: GroupSettings(
            group=Group(
                id=JAPAN,
                name={"en": "Japan & Korea desk"},
                requirement=requirement({JP: 2}, {JA: 1}),
                relax=(
                    RelaxStep(after=seconds(60), drop=frozenset({JA})),
                    RelaxStep(after=seconds(120), requires={JP: 1}),
                ),
                overflow=(OverflowStep(after=seconds(180), to=ASIA),),
            ),
            offer=OfferPolicy(mode=OfferMode.ACCEPT, within=seconds(20)),
            waiting=WaitingPolicy(reply=ReplyId("position"), after=seconds(30), longest=seconds(1800)),
            wrap_up=seconds(30),
        ),
        ASIA: GroupSettings(
            group=Group(id=ASIA, name={"en": "Asia desk"}, pick=Pick.LEAST_LOADED),
            idle=IdlePolicy(remind=seconds(600), remind_reply=ReplyId("still-there"), resolve=seconds(1800)),
            first_reply=FirstReply(hops=2),
        ),
        USA: GroupSettings(
            group=Group(
                id=USA,
                name={"en": "USA desk"},
                hours=HoursId("office"),
                requirement=requirement({US: 1}, {JA: 1}),
                pick=Pick.BEST_SKILL,
            ),
            offer=OfferPolicy(mode=OfferMode.BROADCAST, within=seconds(30)),
            sticky=Sticky(owner=Stickiness.HARD),
            after_hours=AfterHoursPolicy(reply=ReplyId("closed"), then=AfterHours.HOLD),
        ),
        NIGHT: GroupSettings(
            group=Group(id=NIGHT, name={"en": "Night desk"}, hours=HoursId("night"), pick=Pick.ROUND_ROBIN),
            after_hours=AfterHoursPolicy(then=AfterHours.REDIRECT, to=ASIA),
        ),
        DESK: GroupSettings(
            group=Group(id=DESK, name={"en": "Front desk"}, kind=GroupKind.BOT, bot=BOT),
            idle=IdlePolicy(resolve=seconds(3600)),
            then=ASIA,
        ),
    }


def rule(entry: str, group: GroupId, line: int, **requires: int) -> GroupRule:
    """The entry decides the group."""
    named = {"jp": JP, "kr": KR, "us": US, "ja": JA}
    return GroupRule(
        name=f"by entry {entry}",
        line=line,
        when=When(entry=frozenset({entry})),
        group=group,
        requires={named[skill]: level for skill, level in requires.items()},
    )


TRIAGE = Triage(
    tags=(TagRule(name="gold", line=3, when=When(entry=frozenset({"gold"})), add=(Tag("gold"),)),),
    priority=(
        PriorityRule(name="vip", line=5, when=When(contact_tags=frozenset({Tag("vip")})), priority=VIP),
        PriorityRule(name="otherwise", line=6, when=When(), priority=NORMAL),
    ),
    group=(
        rule("japan", JAPAN, 8),
        rule("korea", JAPAN, 9, kr=3),
        rule("usa", USA, 10),
        rule("night", NIGHT, 11),
        rule("asia", ASIA, 12),
        GroupRule(name="otherwise", line=13, when=When(), group=DESK),
    ),
)

CODES = (
    DirectCode(name="CA12", line=20, group=USA, otherwise=ASIA, add=(Tag("autumn-campaign"),)),
    DirectCode(name="anna", line=21, group=JAPAN, agent=AgentId("anna")),
    DirectCode(name="dora", line=22, group=USA, agent=AgentId("dora")),
    DirectCode(name="spring", line=23, add=(Tag("spring"),)),
    DirectCode(name="robo", line=24, group=DESK),
    DirectCode(name="old", line=25, group=JAPAN, until=MONDAY),
)
"""Direct codes, for the stories and for the machine that lets anything happen."""


def company(version: int = 1, without: GroupId | None = None, **changes: object) -> Settings:
    """The company's settings; ``without`` a group, in another version."""
    named = {each.id: each for each in AGENTS}
    named[BOT] = Agent(id=BOT, name="Front desk", public_name="Robo", kind=AgentKind.BOT)
    kept = {id_: its for id_, its in groups().items() if id_ != without}
    triage = replace(TRIAGE, group=tuple(each for each in TRIAGE.group if each.group != without))
    settings = Settings(
        version=version,
        languages=("en", "zh-CN"),
        hours={HoursId("office"): daily("office", 9, 18), HoursId("night"): daily("night", 22, 24)},
        skills={JP: "Japan", KR: "Korea", US: "USA", JA: "Japanese"},
        priorities={VIP: seconds(15), HIGH: seconds(60), NORMAL: seconds(300), LOW: seconds(1200)},
        groups=kept,
        agents=named,
        triage=triage,
        costs={"mail": 0.5},
    )
    return replace(settings, **changes)  # type: ignore[arg-type]  # replace() checks the names


TARGETS = (
    Target(line=20, priorities=frozenset({VIP}), first=seconds(45), next=seconds(60), resolve=seconds(1800)),
    Target(line=21, groups=frozenset({USA}), first=seconds(600), next=seconds(300)),
    Target(line=22, groups=frozenset({NIGHT}), first=seconds(300), resolve=seconds(7200), pause=(Rest.PARKED,)),
    Target(line=23, groups=frozenset({ASIA}), channels=frozenset({ChannelName("web")}), first=seconds(120), pause=()),
    Target(line=24, next=seconds(900), resolve=seconds(14_400), pause=(Rest.CLOSED,)),
)
"""Some by priority, group and channel; some clocks without a target; every way to rest."""


def everything(version: int = 1, without: GroupId | None = None) -> Settings:
    """The company with every feature of the file in use at once: for the machine that lets anything happen."""
    settings = company(version, without)
    groups = dict(settings.groups)

    def treat(which: GroupId, **changes: object) -> None:
        if which in groups:
            groups[which] = replace(groups[which], **changes)  # type: ignore[arg-type]  # replace() checks the names

    japan = groups[JAPAN].group
    classes = (*japan.relax, RelaxStep(after=seconds(90), add=(USA,), priority=HIGH))
    overflow = (*japan.overflow, OverflowStep(when=OverflowWhen.LONG_QUEUE, longer_than=2, to=ASIA))
    treat(
        JAPAN,
        group=replace(japan, relax=classes, overflow=overflow),
        waiting=WaitingPolicy(
            reply=ReplyId("position"),
            after=seconds(30),
            longest=seconds(1800),
            menu=WaitingMenu(reply=ReplyId("menu"), after=seconds(60)),
            still_there=StillThere(reply=ReplyId("still-there"), after=seconds(300), timeout=seconds(120)),
        ),
        wrap_up_requires=(WrapUpField.DISPOSITION,),
        sticky=Sticky(if_full=IfFull.SKIP),
    )
    treat(
        ASIA,
        wrap_up_requires=(WrapUpField.NOTE,),
        group=replace(groups[ASIA].group, overflow=(OverflowStep(when=OverflowWhen.LONG_QUEUE, longer_than=1),)),
        waiting=WaitingPolicy(menu=WaitingMenu(reply=ReplyId("menu"))),
        first_reply=FirstReply(hops=2, holding=ReplyId("holding")),
    )
    skilled = OverflowStep(when=OverflowWhen.NO_SKILLED_AGENT_ON_SHIFT, to=ASIA)
    closed = OverflowStep(when=OverflowWhen.CLOSED, to=NIGHT)
    treat(
        USA,
        group=replace(company().groups[USA].group, overflow=(skilled, *((closed,) if NIGHT in groups else ()))),
        sticky=Sticky(owner=Stickiness.HARD, owner_wait=seconds(120)),
        after_hours=AfterHoursPolicy(reply=ReplyId("closed"), grace=seconds(600)),
        closing_soon=seconds(3600),
    )
    named = dict(settings.agents)
    named[AgentId("bao")] = replace(named[AgentId("bao")], caps={"mail": 1}, max_parked=1)
    named[AgentId("dora")] = replace(named[AgentId("dora")], deputies=(AgentId("emil"), AgentId("anna")))
    named[AgentId("chen")] = replace(named[AgentId("chen")], burst=0.0)
    codes = tuple(each for each in CODES if without is None or without not in {each.group, each.otherwise})
    triage = replace(settings.triage, codes=codes)
    return replace(
        settings,
        triage=triage,
        groups=groups,
        agents=named,
        factors={VIP: 1.5},
        strict=frozenset({HIGH}),
        lane=Lane(at_most=1, of=3),
        targets=TARGETS,
    )


def message(
    number: int,
    contact: str,
    at: datetime,
    *,
    entry: str = "",
    channel: str = "web",
    tags: tuple[str, ...] = (),
    parts: tuple[Part, ...] = (Text(text="hello"),),
    previous: Conversation | None = None,
    last_answer: LastAnswer | None = None,
    attributes: Mapping[str, str] | None = None,
    announcements: int | None = None,
    person: str = "",
) -> MessageReceived:
    """A contact writes; ids follow from the number. ``person`` is whose thread it is now."""
    return MessageReceived(
        id=EventId(f"e{number}"),
        at=at,
        thread=ThreadId(f"t-{contact}"),
        contact=ContactFacts(
            id=ContactId(person or contact), name=contact.title(), tags=frozenset(Tag(tag) for tag in tags)
        ),
        inbox=InboxId("website"),
        channel=ChannelName(channel),
        message=MessageId(f"m{number}"),
        parts=parts,
        new_conversation=ConversationId(f"v{number}"),
        entry=entry,
        attributes=attributes or {},
        announcements=announcements,
        previous=previous,
        last_answer=last_answer,
    )
