"""Matching: whether an agent's levels meet what is asked, what is missing, and how well it fits.

Knows skills and agents only. Whether somebody is ready, or full, is not a matter of skill.
"""

from skills.agent import Agent
from skills.ids import SkillId
from skills.skill import Need, Requirement


def meets(requirement: Requirement, agent: Agent) -> bool:
    """Whether the agent has every skill asked for, hard and soft, at its least level."""
    return first_missing(requirement, agent) is None


def first_missing(requirement: Requirement, agent: Agent) -> Need | None:
    """The first need that the agent does not meet, hard ones before soft ones; None when all are met."""
    for need in requirement.hard:
        if not need.is_met_by(agent.skills):
            return need
    for need in requirement.soft:
        if not need.is_met_by(agent.skills):
            return need
    return None


def fit(requirement: Requirement, agent: Agent) -> int:
    """The sum of the agent's levels in the skills asked for: higher is better, for picking the best skill."""
    return sum(agent.skills.get(need.skill, 0) for need in (*requirement.hard, *requirement.soft))


def asks(requirement: Requirement, skill: SkillId) -> bool:
    """Whether the requirement names the skill at all."""
    return any(need.skill == skill for need in (*requirement.hard, *requirement.soft))
