"""The account as its console shows it, and the answer to a call that is refused."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Sealing(Enum):
    """The *message encryption mode* of the console."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


@dataclass(slots=True, kw_only=True)
class Account:
    """One Official Account. ``hook`` is the server address; ``is_json`` the format of its pushes.

    ``may_send`` and ``may_send_menus``: whether it has the customer-service interface (verified accounts do), and
    menus in it.
    """

    app_id: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(default="", repr=False)
    sealing: Sealing = Sealing.SAFE
    is_json: bool = False
    hook: str = ""
    original_id: str = "gh_5d3f2a1b0c9e"
    may_send: bool = True
    may_send_menus: bool = True


class Refusal(Exception):
    """An answer with an errcode."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        return {"errcode": self.code, "errmsg": f"{self.words} rid: 6921b1c5-0a5d1f3e-3c9b2a17"}
