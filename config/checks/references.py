"""References: every name that is used is defined somewhere.

A rule may speak of a channel that this installation does not have (yet); only an inbox needs it to be there.
"""

from collections.abc import Iterable, Iterator

from config.checks.draft import Defined, Draft, Names, names_at, unknown
from config.models.condition import WhenSection
from config.models.group import GroupSection
from config.positions import Location
from config.problem import Code, Problem

Reference = tuple[Location, Code, str, Names]


def reference_problems(draft: Draft) -> Iterator[Problem]:
    """Names that nothing defines, with what was probably meant."""
    for where, code, name, known in _in_routing(draft):
        yield from unknown(draft.document, where, code, KINDS[code], name, known)
    for where, code, name, known in (*_in_people(draft), *_in_bots(draft)):
        yield from unknown(draft.people_document, where, code, KINDS[code], name, known)


KINDS = {
    Code.FOREIGN_CHANNEL: "channel",
    Code.UNKNOWN_INBOX: "inbox",
    Code.UNKNOWN_HOURS: "hours",
    Code.UNKNOWN_GROUP: "group",
    Code.UNKNOWN_SKILL: "skill",
    Code.UNKNOWN_PRIORITY: "priority",
    Code.UNKNOWN_REPLY: "reply",
    Code.UNKNOWN_BOT: "bot",
    Code.UNKNOWN_LANGUAGE: "language",
    Code.UNKNOWN_AGENT: "agent",
}


def _in_routing(draft: Draft) -> Iterator[Reference]:
    routing, defined = draft.routing, draft.defined
    is_said = draft.document.depth(("languages",)) > 0
    languages = frozenset(routing.languages) if is_said else None
    if routing.default_hours is not None:
        yield ("default_hours",), Code.UNKNOWN_HOURS, routing.default_hours, defined.hours
    for key, group in routing.groups.items():
        yield from _in_group(("groups", key), group, defined)
        for language in group.name or ():
            if language:
                yield ("groups", key, "name", language), Code.UNKNOWN_LANGUAGE, language, languages
    yield from _in_codes(draft)
    yield from _in_triage(draft)
    yield from _in_targets(draft)
    for channel in routing.costs:
        yield ("costs", channel), Code.FOREIGN_CHANNEL, channel, defined.channels
    for reply, texts in routing.replies.items():
        for language in texts:
            yield ("replies", reply, language), Code.UNKNOWN_LANGUAGE, language, languages
    yield from _in_tests(draft)


def _in_group(where: Location, group: GroupSection, defined: Defined) -> Iterator[Reference]:
    after = group.after_hours
    single: tuple[tuple[Location, Code, str | None, Names], ...] = (
        (("hours",), Code.UNKNOWN_HOURS, group.hours, defined.hours),
        (("bot",), Code.UNKNOWN_BOT, group.bot, defined.bots),
        (("bot_while_waiting",), Code.UNKNOWN_BOT, group.bot_while_waiting, defined.bots),
        (("then",), Code.UNKNOWN_GROUP, group.then, defined.groups),
        (("after_hours", "to"), Code.UNKNOWN_GROUP, after.to, defined.groups),
    )
    for below, code, name, known in single:
        if name is not None:
            yield (*where, *below), code, name, known
    for index, overflow in enumerate(group.overflow):
        if overflow.to is not None:
            yield (*where, "overflow", index, "to"), Code.UNKNOWN_GROUP, overflow.to, defined.groups
    for named, reply in group.replies():
        yield (*where, *named), Code.UNKNOWN_REPLY, reply, defined.replies
    yield from _skills((*where, "requires"), group.requires, defined)
    yield from _skills((*where, "prefers"), group.prefers, defined)
    for index, relax in enumerate(group.relax):
        step = (*where, "relax", index)
        yield from _skills((*step, "requires"), relax.requires or (), defined)
        yield from _each((*step, "drop"), Code.UNKNOWN_SKILL, relax.drop, defined.skills)
        yield from _each((*step, "add"), Code.UNKNOWN_GROUP, relax.add, defined.groups)
        if relax.priority is not None:
            yield (*step, "priority"), Code.UNKNOWN_PRIORITY, relax.priority, defined.priorities


def _in_codes(draft: Draft) -> Iterator[Reference]:
    agents = names_at(draft.people_document, "agents", is_needed=True)
    for key, code in draft.routing.codes.items():
        single = (
            ("to", Code.UNKNOWN_GROUP, code.to, draft.defined.groups),
            ("else", Code.UNKNOWN_GROUP, code.otherwise, draft.defined.groups),
            ("agent", Code.UNKNOWN_AGENT, code.agent, agents),
        )
        for below, problem, name, known in single:
            if name is not None:
                yield ("codes", key, below), problem, name, known


def _in_triage(draft: Draft) -> Iterator[Reference]:
    triage, defined = draft.routing.triage, draft.defined
    for index, tag_rule in enumerate(triage.tags):
        yield from _in_when(("triage", "tags", index, "when"), tag_rule.when, defined)
    for index, priority_rule in enumerate(triage.priority):
        here: Location = ("triage", "priority", index)
        yield from _in_when((*here, "when"), priority_rule.when, defined)
        for key, name in (("is", priority_rule.priority), ("otherwise", priority_rule.otherwise)):
            if name is not None:
                yield (*here, key), Code.UNKNOWN_PRIORITY, name, defined.priorities
    for index, group_rule in enumerate(triage.group):
        here = ("triage", "group", index)
        yield from _in_when((*here, "when"), group_rule.when, defined)
        yield from _skills((*here, "requires"), group_rule.requires, defined)
        for key, name in (("to", group_rule.to), ("otherwise", group_rule.otherwise)):
            if name is not None:
                yield (*here, key), Code.UNKNOWN_GROUP, name, defined.groups


def _in_targets(draft: Draft) -> Iterator[Reference]:
    defined = draft.defined
    for index, target in enumerate(draft.routing.targets):
        if target.when is not None:
            where: Location = ("targets", index, "when")
            yield from _each((*where, "group"), Code.UNKNOWN_GROUP, target.when.group, defined.groups)
            yield from _each((*where, "priority"), Code.UNKNOWN_PRIORITY, target.when.priority, defined.priorities)
            yield from _each((*where, "channel"), Code.FOREIGN_CHANNEL, target.when.channel, defined.channels)


def _in_when(where: Location, when: WhenSection | None, defined: Defined) -> Iterator[Reference]:
    if when is None:
        return
    yield from _each((*where, "hours"), Code.UNKNOWN_HOURS, when.hours, defined.hours)
    yield from _each((*where, "inbox"), Code.UNKNOWN_INBOX, when.inbox, defined.inboxes)
    yield from _each((*where, "channel"), Code.FOREIGN_CHANNEL, when.channel, defined.channels)
    for key, nested in (("not", when.none_of), ("any", when.any_of)):
        for index, inner in enumerate(nested or ()):
            yield from _in_when((*where, key, index), inner, defined)


def _in_tests(draft: Draft) -> Iterator[Reference]:
    defined, agents = draft.defined, names_at(draft.people_document, "agents", is_needed=True)
    for index, test in enumerate(draft.routing.tests):
        where: Location = ("tests", index)
        single = (
            (("expect", "agent"), Code.UNKNOWN_AGENT, test.expect.agent, agents),
            (("inbox",), Code.UNKNOWN_INBOX, test.inbox, defined.inboxes),
            (("channel",), Code.FOREIGN_CHANNEL, test.channel, defined.channels),
            (("expect", "group"), Code.UNKNOWN_GROUP, test.expect.group, defined.groups),
            (("expect", "priority"), Code.UNKNOWN_PRIORITY, test.expect.priority, defined.priorities),
        )
        for below, code, name, known in single:
            if name is not None:
                yield (*where, *below), code, name, known
        yield from _skills((*where, "expect", "requires"), test.expect.requires or (), defined)


def _in_people(draft: Draft) -> Iterator[Reference]:
    defined = draft.defined
    for key, agent in draft.people.agents.items():
        where: Location = ("agents", key)
        yield from _each((*where, "groups"), Code.UNKNOWN_GROUP, agent.groups, defined.groups)
        yield from _skills((*where, "skills"), agent.skills, defined)
        yield from _each((*where, "deputies"), Code.UNKNOWN_AGENT, agent.deputies, frozenset(draft.people.agents))
        for channel in agent.caps:
            yield (*where, "caps", channel), Code.FOREIGN_CHANNEL, channel, defined.channels
        if agent.shift is not None:
            yield (*where, "shift"), Code.UNKNOWN_HOURS, agent.shift, defined.hours


def _in_bots(draft: Draft) -> Iterator[Reference]:
    defined = draft.defined
    for key, bot in draft.people.bots.items():
        for index, question in enumerate(bot.questions):
            for number, option in enumerate(question.options):
                here: Location = ("bots", key, "questions", index, "options", number)
                if option.group is not None:
                    yield (*here, "group"), Code.UNKNOWN_GROUP, option.group, defined.groups
                yield from _skills((*here, "requires"), option.requires, defined)
        for name, article in bot.articles.items():
            if article.group is not None:
                yield ("bots", key, "articles", name, "group"), Code.UNKNOWN_GROUP, article.group, defined.groups


def _skills(where: Location, skills: Iterable[str], defined: Defined) -> Iterator[Reference]:
    for skill in skills:
        yield (*where, skill), Code.UNKNOWN_SKILL, skill, defined.skills


def _each(where: Location, code: Code, names: Iterable[str] | None, known: Names) -> Iterator[Reference]:
    for index, name in enumerate(names or ()):
        yield (*where, index), code, name, known
