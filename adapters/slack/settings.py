"""What an administrator says about one app: a section of ``inboxes.yaml``."""

from dataclasses import dataclass, field
from enum import Enum

from adapters.secret import Secret

PLATFORM = "https://slack.com/api"


class Mode(Enum):
    """How events reach us: the platform calls, or we hold a socket open."""

    HTTP = "http"
    SOCKET = "socket"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """One app. Each field's ``doc`` is its description in the configuration's reference."""

    bot_token: Secret = field(
        default=Secret(""),
        metadata={"doc": "The bot token of the one workspace that the app is installed in (xoxb-…)."},
    )
    signing_secret: Secret = field(
        default=Secret(""),
        metadata={"doc": "Mode http: the app's signing secret; without it every call is refused."},
    )
    app_token: Secret = field(
        default=Secret(""),
        metadata={"doc": "Mode socket: an app-level token with the scope connections:write (xapp-…)."},
    )
    mode: Mode = field(
        default=Mode.HTTP,
        metadata={"doc": "http: the platform calls us (a public HTTPS address is needed). socket: we call it."},
    )
    client_id: str = field(default="", metadata={"doc": "Several workspaces: the app's client id."})
    client_secret: Secret = field(
        default=Secret(""),
        metadata={"doc": "Several workspaces: the app's client secret, with which installations are completed."},
    )
    api_base: str = field(
        default=PLATFORM, metadata={"doc": "Another server instead of the platform's, with the /api part."}
    )

    def __post_init__(self) -> None:
        """Refuse what cannot work: a socket without the token that opens it, half of what an installation needs."""
        if self.mode is Mode.SOCKET and not self.app_token:
            raise ValueError("mode: socket needs app_token")
        if bool(self.client_id) is not bool(self.client_secret):
            raise ValueError("client_id and client_secret go together")

    @property
    def is_installable(self) -> bool:
        """Whether workspaces can install the app through us."""
        return bool(self.client_id)
