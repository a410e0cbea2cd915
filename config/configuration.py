"""The configuration: the three files, whole and without errors, as the rest of the product takes them."""

from collections.abc import Mapping
from dataclasses import dataclass

from config.bots import Bot
from config.inbox import Inbox
from config.replies import Replies
from router.ids import InboxId
from router.settings import Settings
from skills.agent import Agent
from skills.ids import AgentId

FILES = ("inboxes.yaml", "agents.yaml", "routing.yaml")
INBOXES, AGENTS, ROUTING = FILES


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What the files say. ``settings.version`` is 0 until the configuration is applied; ``texts`` are the files."""

    settings: Settings
    inboxes: Mapping[InboxId, Inbox]
    agents: Mapping[AgentId, Agent]
    bots: Mapping[AgentId, Bot]
    replies: Replies
    timezone: str
    texts: Mapping[str, str]
