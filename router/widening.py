"""Widening: how the circle of those who may answer grows as a conversation waits (`routing.md` §6, §10).

A group's relaxation and overflow steps form one ladder, ordered by ``after``. A step lowers a level, gives up a soft
need, adds a group, or changes the class; the home group stays. Hard needs are never given up. A soft need that no step
gives up is a preference: it ranks, it never blocks. Overflow with a condition is no part of the ladder: the groups that
it added are remembered with the conversation, so that the circle never shrinks.
"""

from datetime import datetime, timedelta

from skills.group import Group, OverflowStep, RelaxStep
from skills.ids import GroupId
from skills.skill import Need, Requirement

Step = RelaxStep | OverflowStep


def ladder(group: Group) -> tuple[Step, ...]:
    """The group's timed steps in the order in which they come into force."""
    timed = (step for step in group.overflow if step.when is None)
    return tuple(sorted((*group.relax, *timed), key=lambda step: step.after))


def conditions(group: Group) -> tuple[OverflowStep, ...]:
    """The group's overflow that depends on more than time."""
    return tuple(step for step in group.overflow if step.when is not None)


def steps_in_force(steps: tuple[Step, ...], waited: timedelta) -> int:
    """How many steps are in force after so much waiting."""
    count = 0
    for step in steps:
        if step.after > waited:
            break
        count += 1
    return count


def next_step_at(steps: tuple[Step, ...], since: datetime, at: datetime) -> datetime | None:
    """When the next step comes into force for somebody who waits ``since`` then; None after the last."""
    count = steps_in_force(steps, at - since)
    return since + steps[count].after if count < len(steps) else None


def widened(group: Group, requirement: Requirement, count: int) -> tuple[tuple[GroupId, ...], Requirement]:
    """Which groups may answer, home first, and what is still asked, with the first ``count`` steps in force."""
    steps = ladder(group)
    groups = [group.id]
    hard = {need.skill: need.level for need in requirement.hard}
    given_up = {skill for step in steps if isinstance(step, RelaxStep) for skill in step.drop}
    soft = {need.skill: need.level for need in requirement.soft if need.skill in given_up}
    for step in steps[:count]:
        if isinstance(step, OverflowStep):
            if step.to is not None and step.to not in groups:
                groups.append(step.to)
            continue
        groups.extend(added for added in step.add if added not in groups)
        for skill in step.drop:
            soft.pop(skill, None)
        for skill, level in (step.requires or {}).items():
            for needs in (hard, soft):
                if skill in needs:
                    needs[skill] = min(level, needs[skill])
    return tuple(groups), Requirement(
        hard=tuple(sorted(Need(skill, level) for skill, level in hard.items())),
        soft=tuple(sorted(Need(skill, level) for skill, level in soft.items())),
    )


def preference(group: Group, requirement: Requirement) -> tuple[Need, ...]:
    """The soft needs that only rank: those that no step of the group gives up."""
    given_up = {skill for step in group.relax for skill in step.drop}
    return tuple(need for need in requirement.soft if need.skill not in given_up)
