"""Under which name a contact sees who answered: the agent's public name, else the group's; never a login."""

from router.message import Author, AuthorKind
from router.settings import Settings
from skills.ids import AgentId, GroupId


def signature(settings: Settings, author: Author, group: GroupId) -> str:
    """The name to show for an outbound message; empty when there is none to show."""
    if author.kind in {AuthorKind.AGENT, AuthorKind.BOT}:
        agent = settings.agents.get(AgentId(author.id))
        if agent is not None and agent.public_name:
            return agent.public_name
    place = settings.groups.get(group)
    if place is None:
        return ""
    names = place.group.name
    return next((names[language] for language in settings.languages if language in names), "")
