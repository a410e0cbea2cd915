"""Groups: steps that widen, chains that end, somebody who can answer."""

from collections.abc import Iterator, Mapping

from config.build import people_of
from config.checks.draft import Draft
from config.models.group import GroupSection
from config.positions import Location
from config.problem import Code, Problem
from config.treatment import build_group, levels_of
from router.widening import ladder, widened
from skills.agent import Agent
from skills.group import Group, RelaxStep
from skills.matching import meets
from skills.skill import Requirement, requirement


def group_problems(draft: Draft) -> Iterator[Problem]:
    """What is wrong with groups beyond their form."""
    document = draft.document
    if "normal" not in (draft.defined.priorities or {"normal"}) and draft.written.depth(("priorities",)):
        words = 'the priority "normal" must exist'
        yield document.problem(Code.NO_NORMAL, ("priorities",), words, of_key=True)
    for key, group in draft.routing.groups.items():
        yield from _policy_problems(draft, ("groups", key), group)
        yield from _relax_problems(draft, ("groups", key), group)
        yield from _overflow_problems(draft, ("groups", key), group)
    lane = draft.routing.emergency
    if lane.at_most >= lane.of:
        words = f"{lane.at_most} of {lane.of} is no ceiling: `at_most` must be less than `of`"
        yield document.problem(Code.CONFLICT, ("emergency",), words, of_key=True)
    yield from _circles(draft, "overflow", _overflows(draft))
    yield from _circles(draft, "after hours, the redirection", _redirects(draft))
    yield from _circles(draft, "the handing over", _handovers(draft))


def _policy_problems(draft: Draft, where: Location, group: GroupSection) -> Iterator[Problem]:
    document, after = draft.document, group.after_hours
    if group.kind == "bot" and group.bot is None:
        yield document.problem(Code.MISSING_KEY, (*where, "bot"), '"bot" is missing: which one answers?', of_key=True)
    if group.kind == "human" and group.bot is not None:
        words = "people answer in this group; a bot needs `kind: bot`"
        yield document.problem(Code.CONFLICT, (*where, "bot"), words, of_key=True)
    if after.then in {"bot", "redirect"} and after.to is None:
        words = f'"to" is missing: where does `then: {after.then}` lead?'
        yield document.problem(Code.MISSING_KEY, (*where, "after_hours", "to"), words, of_key=True)
    nudge, back = group.first_reply.nudge, group.first_reply.back
    if nudge is not None and back is not None and nudge >= back:
        words = "`nudge` must come before `return`"
        yield document.problem(Code.CONFLICT, (*where, "first_reply", "nudge"), words)
    remind, resolve = group.idle.remind, group.idle.resolve
    if remind is not None and resolve is not None and remind >= resolve:
        yield document.problem(Code.CONFLICT, (*where, "idle", "remind"), "`remind` must come before `resolve`")


def _relax_problems(draft: Draft, where: Location, group: GroupSection) -> Iterator[Problem]:
    """A step may only add agents: it cannot ask for more than before."""
    asked = {**group.prefers, **group.requires}
    for index, step in enumerate(group.relax):
        for skill, level in (step.requires or {}).items():
            place = (*where, "relax", index, "requires", skill)
            if skill not in asked:
                if any(draft.written.depth((*where, key, skill)) > len(where) + 1 for key in ("requires", "prefers")):
                    continue  # asked for in a way that is an error of its own
                words = f'a step may only ask less, and the group does not ask for "{skill}"'
                yield draft.document.problem(Code.RELAX_SHRINKS, place, words, of_key=True)
            elif level > asked[skill]:
                words = f"a step may only ask less: level {level} is more than {asked[skill]}"
                yield draft.document.problem(Code.RELAX_SHRINKS, place, words)
        for number, skill in enumerate(step.drop or ()):
            place = (*where, "relax", index, "drop", number)
            if skill in group.requires:
                words = f'"{skill}" is in `requires`; only what is in `prefers` can be dropped'
                yield draft.document.problem(Code.CONFLICT, place, words)


def _overflow_problems(draft: Draft, where: Location, group: GroupSection) -> Iterator[Problem]:
    """A step says once when it applies, and once what it does."""
    document = draft.document
    for index, step in enumerate(group.overflow):
        place = (*where, "overflow", index)
        written = [draft.written.depth((*place, key)) > len(place) for key in ("after", "when", "queue_longer_than")]
        if sum(written) != 1:
            words = "say once when: `after`, `when` or `queue_longer_than`"
            yield document.problem(Code.CONFLICT, place, words, of_key=True)
        if sum(draft.written.depth((*place, key)) > len(place) for key in ("to", "then")) != 1:
            words = "say once what: `to` a group, or `then: offer_callback`"
            yield document.problem(Code.CONFLICT, place, words, of_key=True)
        elif step.then is not None and group.waiting.menu is None:
            words = "there is nothing to offer: `waiting` of this group has no `menu`"
            yield document.problem(Code.CONFLICT, (*place, "then"), words)
        elif step.then is not None and step.queue_longer_than is None:
            words = "`offer_callback` goes with `queue_longer_than`; after a time, the `menu` of `waiting` is offered"
            yield document.problem(Code.CONFLICT, (*place, "then"), words)


Edges = Mapping[str, list[tuple[str, Location]]]


def _overflows(draft: Draft) -> Edges:
    return {
        key: [
            (step.to, ("groups", key, "overflow", index, "to"))
            for index, step in enumerate(group.overflow)
            if step.to is not None
        ]
        for key, group in draft.routing.groups.items()
    }


def _redirects(draft: Draft) -> Edges:
    return {
        key: [(group.after_hours.to, ("groups", key, "after_hours", "to"))]
        for key, group in draft.routing.groups.items()
        if group.after_hours.to is not None
    }


def _handovers(draft: Draft) -> Edges:
    return {
        key: [(group.then, ("groups", key, "then"))]
        for key, group in draft.routing.groups.items()
        if group.then is not None
    }


def _circles(draft: Draft, what: str, edges: Edges) -> Iterator[Problem]:
    """Each chain of groups that comes back to itself, said once, at the step that closes it."""
    done: set[str] = set()

    def visit(group: str, path: list[str]) -> Iterator[Problem]:
        for target, where in edges.get(group, ()):
            if target in path:
                chain = " → ".join((*path[path.index(target) :], target))
                yield draft.document.problem(Code.CIRCLE, where, f"{what} goes in a circle: {chain}")
            elif target not in done:
                yield from visit(target, [*path, target])
        done.add(group)

    for key in edges:
        if key not in done:
            yield from visit(key, [key])


def people_problems(draft: Draft) -> Iterator[Problem]:
    """Groups that nobody can answer for, and steps that bring nobody; only where every reference leads somewhere."""
    agents = tuple(people_of(draft.people).values())
    for key, section in draft.routing.groups.items():
        if section.kind != "human":
            continue
        group = build_group(key, section, "").group
        where: Location = ("groups", key)
        members = [agent for agent in agents if key in agent.groups]
        if not members:
            words = f'nobody in agents.yaml is in the group "{key}"'
            yield draft.document.problem(Code.NOBODY_IN_GROUP, where, words, of_key=True)
            continue
        yield from _skill_problems(draft, where, group, members)
        yield from _useless_steps(draft, where, group, agents)


def _skill_problems(draft: Draft, where: Location, group: Group, members: list[Agent]) -> Iterator[Problem]:
    hard = Requirement(hard=group.requirement.hard)
    if not any(meets(hard, agent) for agent in members):
        words = f"nobody in the group {group.id} has what it requires"
        yield draft.document.problem(Code.NOBODY_HAS_SKILL, (*where, "requires"), words, of_key=True)
        return
    for index, rule in enumerate(draft.routing.triage.group):
        if rule.to != group.id or not rule.requires:
            continue
        levels = {need.skill: need.level for need in group.requirement.hard}
        for skill, level in levels_of(rule.requires).items():
            levels[skill] = max(level, levels.get(skill, 0))
        if not any(meets(requirement(levels), agent) for agent in members):
            words = f"nobody in the group {group.id} has what this rule requires"
            place = ("triage", "group", index, "requires")
            yield draft.document.problem(Code.NOBODY_HAS_SKILL, place, words, of_key=True)


def _useless_steps(draft: Draft, where: Location, group: Group, agents: tuple[Agent, ...]) -> Iterator[Problem]:
    reach = [_reached(group, count, agents) for count in range(len(ladder(group)) + 1)]
    for number, step in enumerate(ladder(group)):
        if isinstance(step, RelaxStep) and not step.priority and reach[number] == reach[number + 1]:
            written = draft.routing.groups[group.id].relax
            index = next(i for i, section in enumerate(written) if section.after == step.after)
            words = f"this step adds nobody: {len(reach[number])} could answer before it, and the same ones after"
            yield draft.document.problem(Code.RELAX_ADDS_NOBODY, (*where, "relax", index), words)


def _reached(group: Group, count: int, agents: tuple[Agent, ...]) -> frozenset[str]:
    groups, needs = widened(group, group.requirement, count)
    return frozenset(agent.id for agent in agents if agent.groups & set(groups) and meets(needs, agent))
