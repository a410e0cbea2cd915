"""The site: what a widget shows of itself, who may embed it, and how it proves who its contacts are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Protocol, runtime_checkable

from adapters.identifier import Identifier
from adapters.visit import Identify

PROVEN = "id:"
"""Stands before the site's own name for a person, in the address of one who has proven it."""


class FieldKind(Enum):
    """What is asked for before the first word."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    CHOICE = "choice"


class Unproven(Exception):
    """A page claims to know who somebody is, and cannot prove it; the message is for the site's developers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is. ``is_proven``: signed with the inbox's secret, and so are the ``attributes``.

    ``id`` is the site's own name for the person; ``claims`` are what the page says beside what is signed. By the
    ``identifiers`` the person may be known in another inbox.
    """

    id: str
    is_proven: bool
    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    claims: Mapping[str, str] = field(default_factory=dict)
    identifiers: tuple[Identifier, ...] = ()


class Asked(Protocol):
    """A field of the form before the first word."""

    @property
    def label(self) -> Mapping[str, str]:
        """What it is called, by language."""

    @property
    def kind(self) -> FieldKind:
        """What may be written into it."""

    @property
    def required(self) -> bool:
        """Whether the form can be sent without it."""

    @property
    def options(self) -> Mapping[str, Mapping[str, str]]:
        """What there is to choose from: value → language → label."""


class Site(Protocol):
    """What a widget shows of itself, and who may embed it."""

    @property
    def name(self) -> str:
        """The house's name in the header."""

    @property
    def origins(self) -> tuple[str, ...]:
        """The sites that may embed it, beside our own."""

    @property
    def languages(self) -> tuple[str, ...]:
        """What it speaks, the first by default."""

    @property
    def greeting(self) -> Mapping[str, str]:
        """Words that open an empty chat, by language."""

    @property
    def choices(self) -> Mapping[str, Mapping[str, str]]:
        """Topics to begin with: value → language → label."""

    @property
    def prechat(self) -> Mapping[str, Any]:
        """What is asked before the first word: key → `Asked`."""

    @property
    def visitor_tags(self) -> tuple[str, ...]:
        """The tags that a page may give a conversation."""

    @property
    def rating(self) -> bool:
        """Whether contacts are asked how it went."""

    @property
    def voice(self) -> bool:
        """Whether contacts may record their voice."""

    @property
    def files(self) -> tuple[str, ...]:
        """The files that contacts may send: endings (``.pdf``) and media types (``image/*``)."""

    @property
    def tokens(self) -> str:
        """The house's own colours as a style sheet, on top of ours; empty without any."""


@runtime_checkable
class Visited(Protocol):
    """An adapter whose contacts come to us: what one with `Capabilities.is_pushed` offers beside the contract."""

    @property
    def site(self) -> Site:
        """The widget that the contacts see."""

    def identify(self, claim: Identify, now: datetime) -> Identity:
        """Who the page says that somebody is.

        Raises:
            Unproven: it cannot prove it.
        """
