"""Names of the things that an administrator defines."""

from typing import NewType

AgentId = NewType("AgentId", str)
"""An agent's login in ``agents.yaml``, human or bot: ``li.na``, ``front-desk``."""

SkillId = NewType("SkillId", str)
"""A skill in ``routing.yaml``: ``visa-jp``, ``lang-ja``."""

GroupId = NewType("GroupId", str)
"""A skill group in ``routing.yaml``: ``japan-korea``."""

HoursId = NewType("HoursId", str)
"""A weekly timetable in ``routing.yaml``: ``office``."""
