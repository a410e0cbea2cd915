"""HTTP as frozen values: what a platform sent us and what we answer, without any web framework."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRequest:
    """One call of a platform. ``headers`` have lower-case names; ``body`` is raw, as signed."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReply:
    """What the platform is answered, after the commit."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict)
