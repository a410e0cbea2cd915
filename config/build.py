"""Building: from models without errors to the core's frozen settings."""

from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from config.models.code import CodeSection
from config.models.condition import GroupRuleSection, PriorityRuleSection, TriageSection, WhenSection
from config.models.people import AgentsFile
from config.models.routing import RoutingFile
from config.models.section import ANY_LANGUAGE
from config.positions import Document
from config.rehearsal import instant_of
from config.timetable import build_hours, zone_of
from config.treatment import build_group, build_target, given
from router.direct_code import DirectCode
from router.ids import ChannelName, InboxId, PriorityTag, ReplyId, Tag
from router.settings import Boosts, Idleness, Lane, Settings
from router.triage import GroupRule, PriorityRule, TagRule, Triage, When
from skills.agent import Agent, AgentKind, Role
from skills.bots.person import PersonWords
from skills.hours import Hours
from skills.ids import AgentId, GroupId, HoursId, SkillId
from skills.language import best_reply_language
from skills.patterns import compile_pattern


def build_settings(routing: RoutingFile, people: AgentsFile, document: Document, today: date) -> Settings:
    """The core's settings; ``version`` 0 until they are applied."""
    zone = zone_of(routing.timezone) or ZoneInfo("UTC")
    hours = {
        HoursId(key): build_hours(key, section, zone_of(section.timezone or "") or zone, today)
        for key, section in routing.hours.items()
    }
    default = routing.languages[0]
    return Settings(
        version=0,
        languages=tuple(routing.languages),
        hours=hours,
        skills={SkillId(key): _name(texts, default) for key, texts in routing.skills.items()},
        priorities={PriorityTag(key): section.answer_within for key, section in routing.priorities.items()},
        groups={
            GroupId(key): build_group(key, section, default, people.bots.get(section.bot or ""), routing.default_hours)
            for key, section in routing.groups.items()
        },
        agents={**people_of(people), **_bots(people, routing)},
        triage=Rules(hours, document).triage(routing.triage, build_codes(routing.codes, document, zone)),
        replies={ReplyId(key): frozenset(texts) for key, texts in routing.replies.items()},
        costs=dict(routing.costs),
        factors={PriorityTag(key): each.cost for key, each in routing.priorities.items() if each.cost != 1},
        strict=frozenset(PriorityTag(key) for key, each in routing.priorities.items() if each.strict),
        idleness=Idleness(weight=routing.idle.weight, **given(routing.idle, "after")),
        boosts=Boosts(**given(routing.boosts, "returned", "transferred")),
        targets=tuple(
            build_target(section, document.line(("targets", index))) for index, section in enumerate(routing.targets)
        ),
        lane=Lane(at_most=routing.emergency.at_most, of=routing.emergency.of),
        person=PersonWords(tuple(routing.ask_for_person)) if routing.ask_for_person else PersonWords(),
    )


def _name(texts: Mapping[str, str], language: str) -> str:
    return texts.get(ANY_LANGUAGE) or texts[best_reply_language(language, tuple(texts))]


def people_of(people: AgentsFile) -> dict[AgentId, Agent]:
    """The people who answer, by login."""
    return {
        AgentId(key): Agent(
            id=AgentId(key),
            name=section.name,
            alias=section.alias,
            public_name=section.public_name,
            role=Role(section.role),
            groups=frozenset(GroupId(group) for group in section.groups),
            skills={SkillId(skill): level for skill, level in section.skills.items()},
            units=section.units,
            burst=section.burst,
            caps=dict(section.caps),
            max_parked=section.max_parked,
            deputies=tuple(AgentId(deputy) for deputy in section.deputies),
            shift=HoursId(section.shift) if section.shift else None,
        )
        for key, section in people.agents.items()
    }


def _bots(people: AgentsFile, routing: RoutingFile) -> dict[AgentId, Agent]:
    return {
        AgentId(key): Agent(
            id=AgentId(key),
            name=section.name or key,
            public_name=section.name or "",
            kind=AgentKind.BOT,
            groups=frozenset(GroupId(group) for group, about in routing.groups.items() if about.bot == key),
        )
        for key, section in people.bots.items()
    }


def build_codes(sections: Mapping[str, CodeSection], document: Document, zone: ZoneInfo) -> tuple[DirectCode, ...]:
    """Direct codes with their lines; an instant without an offset is in ``zone``."""
    return tuple(
        DirectCode(
            name=key,
            line=document.position(("codes", key), of_key=True).line,
            add=tuple(Tag(tag) for tag in section.add or ()),
            group=GroupId(section.to) if section.to else None,
            otherwise=GroupId(section.otherwise) if section.otherwise else None,
            agent=AgentId(section.agent) if section.agent else None,
            until=instant_of(section.until, zone) if section.until else None,
        )
        for key, section in sections.items()
    )


class Rules:
    """Builds triage: the rules with their lines in the file, and with names for those that have none."""

    def __init__(self, hours: Mapping[HoursId, Hours], document: Document) -> None:
        self._hours = hours
        self._document = document

    def triage(self, section: TriageSection, codes: tuple[DirectCode, ...] = ()) -> Triage:
        """All three stages, with the direct codes before them."""
        return Triage(
            codes=codes,
            tags=tuple(
                TagRule(
                    name=rule.name or f"adds {', '.join(rule.add)}",
                    line=self._line("tags", index),
                    when=self._when(rule.when),
                    add=tuple(Tag(tag) for tag in rule.add),
                )
                for index, rule in enumerate(section.tags)
            ),
            priority=tuple(self._priority(index, rule) for index, rule in enumerate(section.priority)),
            group=tuple(self._group(index, rule) for index, rule in enumerate(section.group)),
        )

    def _line(self, stage: str, index: int) -> int:
        return self._document.line(("triage", stage, index))

    def _priority(self, index: int, rule: PriorityRuleSection) -> PriorityRule:
        return PriorityRule(
            name=rule.name or _rule_name("is", rule.priority),
            line=self._line("priority", index),
            when=self._when(rule.when),
            priority=PriorityTag(rule.priority or rule.otherwise or ""),
        )

    def _group(self, index: int, rule: GroupRuleSection) -> GroupRule:
        return GroupRule(
            name=rule.name or _rule_name("to", rule.to),
            line=self._line("group", index),
            when=self._when(rule.when),
            group=GroupId(rule.to or rule.otherwise or ""),
            requires={SkillId(skill): level for skill, level in rule.requires.items()},
        )

    def _when(self, when: WhenSection | None) -> When:
        if when is None:
            return When()
        return When(
            text=tuple(when.text or ()),
            regex=tuple(compile_pattern(source) for source in when.regex or ()),
            entry=frozenset(when.entry or ()),
            channel=frozenset(ChannelName(name) for name in when.channel or ()),
            inbox=frozenset(InboxId(inbox) for inbox in when.inbox or ()),
            language=frozenset(when.language or ()),
            tags=_tags(when.tags),
            contact_tags=_tags(when.contact_tags),
            attributes={name: frozenset(values) for name, values in (when.attributes or {}).items()},
            hours=tuple(self._hours[HoursId(key)] for key in when.hours or ()),
            contact_is=frozenset(when.contact or ()),
            kinds=frozenset(when.kind or ()),
            none_of=tuple(self._when(inner) for inner in when.none_of or ()),
            any_of=tuple(self._when(inner) for inner in when.any_of or ()),
        )


def _tags(values: Iterable[str] | None) -> frozenset[Tag]:
    return frozenset(Tag(value) for value in values or ())


def _rule_name(verb: str, target: str | None) -> str:
    return f"{verb} {target}" if target else "otherwise"
