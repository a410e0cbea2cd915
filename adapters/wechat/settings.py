"""What an administrator says about one Official Account: a section of ``inboxes.yaml``."""

import re
from dataclasses import dataclass, field
from enum import Enum

from adapters.secret import Secret

PLATFORM = "https://api.weixin.qq.com"

_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")


class Mode(Enum):
    """How the platform sends messages to us: the account's *message encryption mode*."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


class Passive(Enum):
    """Whether answers may travel in the reply to the platform's own call."""

    OFF = "off"
    RELAY = "relay"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeChatSettings:
    """One account. Each field's ``doc`` is its description in the configuration's reference.

    Raises:
        ValueError: a key is no EncodingAESKey, or a mode needs what is missing.
    """

    app_id: str = field(metadata={"doc": "The account's AppID (wx…)."})
    token: Secret = field(metadata={"doc": "The Token that you chose for the server address; it signs every call."})
    secret: Secret = field(
        default=Secret(""),
        metadata={
            "doc": "The account's AppSecret, for sending and for fetching files. Only relayed answers can do without."
        },
    )
    mode: Mode = field(
        default=Mode.SAFE,
        metadata={"doc": "The message encryption mode as set in the console: plain, compatible or safe."},
    )
    aes_key: Secret = field(
        default=Secret(""), metadata={"doc": "The EncodingAESKey, 43 characters; needed for compatible and safe."}
    )
    aes_key_previous: Secret = field(
        default=Secret(""),
        metadata={"doc": "The EncodingAESKey before the present one, while the platform still uses it."},
    )
    verified: bool = field(
        default=True,
        metadata={
            "doc": "Whether the platform has verified the account: only then it may send customer-service messages. "
            "Without that, answers are relayed."
        },
    )
    passive: Passive = field(
        default=Passive.OFF,
        metadata={
            "doc": "relay: answer within the platform's own call, as an account must that is not verified "
            "(about 14 seconds, one message for each of the contact's). off: send by the customer-service interface."
        },
    )
    api_base: str = field(default=PLATFORM, metadata={"doc": "Another server instead of the platform's own."})

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        for name in ("aes_key", "aes_key_previous"):
            if (key := getattr(self, name)) and not _AES_KEY.fullmatch(key.reveal()):
                raise ValueError(f"{name} is no EncodingAESKey: 43 letters and digits")
        if self.mode is not Mode.PLAIN and not self.aes_key:
            raise ValueError(f"mode {self.mode.value} needs aes_key")
        if not (self.is_relayed or self.secret):
            raise ValueError("secret is needed unless answers are relayed (verified: false, or passive: relay)")

    @property
    def is_relayed(self) -> bool:
        """Whether answers travel in the reply to the platform's own call."""
        return self.passive is Passive.RELAY or not self.verified
