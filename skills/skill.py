"""Needs: which skills, at which level, a conversation asks of whoever answers it."""

from collections.abc import Mapping
from dataclasses import dataclass

from skills.ids import SkillId

LOWEST_LEVEL = 1
HIGHEST_LEVEL = 5


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """One skill at a least level (1 to 5)."""

    skill: SkillId
    level: int

    def is_met_by(self, levels: Mapping[SkillId, int]) -> bool:
        """Whether somebody with these levels has the skill well enough."""
        return levels.get(self.skill, 0) >= self.level


@dataclass(frozen=True, slots=True)
class Requirement:
    """What an answer needs: hard needs always, soft needs until a relaxation step drops them.

    Both tuples are sorted and hold a skill once, so that equal requirements are equal values.
    """

    hard: tuple[Need, ...] = ()
    soft: tuple[Need, ...] = ()


def requirement(hard: Mapping[SkillId, int], soft: Mapping[SkillId, int] | None = None) -> Requirement:
    """Build the one canonical requirement for these skill → least level mappings."""
    return Requirement(
        hard=tuple(sorted(Need(skill, level) for skill, level in hard.items())),
        soft=tuple(sorted(Need(skill, level) for skill, level in (soft or {}).items())),
    )
