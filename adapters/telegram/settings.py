"""What an administrator says about one bot: a section of ``inboxes.yaml``."""

from dataclasses import dataclass, field
from enum import Enum

from adapters.secret import Secret

PLATFORM = "https://api.telegram.org"


class Mode(Enum):
    """How updates reach us: the platform calls, or we ask."""

    WEBHOOK = "webhook"
    POLLING = "polling"


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramSettings:
    """One bot. Each field's ``doc`` is its description in the configuration's reference."""

    token: Secret = field(metadata={"doc": "The bot's token, as @BotFather gave it."})
    secret: Secret = field(
        default=Secret(""),
        metadata={
            "doc": "Webhook mode: your own random value, 1–256 of A–Z a–z 0–9 _ -. The platform repeats it in every "
            "call; without it every call is refused."
        },
    )
    mode: Mode = field(
        default=Mode.WEBHOOK,
        metadata={"doc": "webhook: the platform calls us (a public HTTPS address is needed). polling: we ask."},
    )
    api_base: str = field(
        default=PLATFORM, metadata={"doc": "Another Bot API server instead of the platform's, without the /bot part."}
    )

    @property
    def call_base(self) -> str:
        """What stands before the token in a method's address."""
        return f"{self.api_base.rstrip('/')}/bot"

    @property
    def file_base(self) -> str:
        """What stands before the token in a file's address."""
        return f"{self.api_base.rstrip('/')}/file/bot"
