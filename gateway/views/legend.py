"""The legend: what turns ids into words and limits when something is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from adapters.capabilities import Capabilities
from adapters.site import PROVEN
from router.ids import InboxId, MediaId
from router.settings import Settings
from skills.ids import AgentId, GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """The settings in force, what each inbox can carry, and how a link to a stored file is signed."""

    settings: Settings
    capabilities: Mapping[InboxId, Capabilities] = field(default_factory=dict)
    sign: Callable[[MediaId, str], str]

    def group_name(self, group: GroupId) -> str:
        """The group's name in the first language, or its id when the group is gone."""
        found = self.settings.groups.get(group)
        return name_in(found.group.name, self.settings.languages, str(group)) if found else str(group)

    def agent_name(self, agent: str) -> str:
        """What colleagues see: the alias, else the name, else the login of somebody who is gone."""
        found = self.settings.agents.get(AgentId(agent))
        return (found.alias or found.name) if found else agent

    def vouches_for(self, inbox: InboxId, address: str) -> bool:
        """Whether somebody vouches for who writes from this address: the platform, or the site's own server."""
        can = self.capabilities.get(inbox)
        return can is not None and (not can.is_pushed or address.startswith(PROVEN))


def name_in(names: Mapping[str, str], languages: tuple[str, ...], otherwise: str) -> str:
    """The name in the first of these languages that has one."""
    return next((names[language] for language in languages if language in names), otherwise)
