"""What an administrator writes in ``inboxes.yaml`` for a widget."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.secret import Secret
from adapters.site import FieldKind
from adapters.web.palette import tokens

SHORTEST_SECRET = 16

FILES = (
    "image/*", "audio/*", "video/*", ".heic", ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".rtf", ".txt",
    ".csv", ".zip", ".7z",
)  # fmt: skip
"""What people send to an office; nothing that a computer would run."""

_FILE_PATTERN = re.compile(r"\.[a-z0-9]+|[a-z]+/(\*|[a-z0-9.+-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrechatField:
    """One field of the form before the first word."""

    label: Mapping[str, str] = field(metadata={"description": "What the field is called, by language."})
    kind: FieldKind = field(
        default=FieldKind.TEXT, metadata={"description": "What may be written: text, email, phone, choice."}
    )
    required: bool = field(default=False, metadata={"description": "Whether the form can be sent without it."})
    options: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict, metadata={"description": "For a choice: value, then its label by language."}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """One widget.

    ``origins`` are the sites that may embed it (``https://shop.example``), beside the server's own. ``languages`` are
    those it speaks, the first by default. ``greeting`` (language → words) opens an empty chat; ``choices`` (value →
    language → label) are offered below it; a press is a message with the label's words.
    """

    name: str = ""
    origins: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("zh-CN", "zh-TW", "en")
    greeting: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    prechat: Mapping[str, PrechatField] = field(
        default_factory=dict,
        metadata={
            "doc": "What is asked before the first word: key, then the field; `name` becomes the contact's name."
        },
    )
    identity_secret: Secret = field(
        default_factory=lambda: Secret(""),
        metadata={"doc": "What the site's server signs with to say who a contact is; without it nothing is proven."},
    )
    previous_identity_secret: Secret = field(
        default_factory=lambda: Secret(""),
        metadata={"doc": "The secret before this one, accepted until the site's server has the new one."},
    )
    identity_realm: str = field(
        default="",
        metadata={
            "doc": "Widgets with the same realm have the same people: a signed id is one contact in all of them. "
            "Without it an id counts in this inbox only."
        },
    )
    visitor_tags: tuple[str, ...] = field(
        default=(), metadata={"doc": "The tags that a page may give a conversation; others are refused."}
    )
    accent: str = field(
        default="", metadata={"doc": "The house's colour as #rrggbb; white must be legible on it (contrast 4.5)."}
    )
    rating: bool = field(default=True, metadata={"doc": "Whether contacts are asked how it went."})
    voice: bool = field(default=True, metadata={"doc": "Whether contacts may record their voice."})
    files: tuple[str, ...] = field(
        default=FILES,
        metadata={
            "doc": "The files that contacts may send, as a file picker is told: `.pdf`, `image/*`; none: `[]`.",
        },
    )
    tokens: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Check what can be checked before anybody looks at it.

        Raises:
            ValueError: the accent cannot be used, a secret is too short, a choice has nothing to choose from, or a
                kind of file is none.
        """
        object.__setattr__(self, "tokens", tokens(self.accent) if self.accent else "")
        for name in ("identity_secret", "previous_identity_secret"):
            secret: Secret = getattr(self, name)
            if secret and len(secret.reveal()) < SHORTEST_SECRET:
                raise ValueError(
                    f"{name} has fewer than {SHORTEST_SECRET} characters: make it with `openssl rand -hex 32`"
                )
        for pattern in self.files:
            if not _FILE_PATTERN.fullmatch(pattern):
                raise ValueError(f'files: "{pattern}" is neither an ending (".pdf") nor a media type ("image/*")')
        for key, asked in self.prechat.items():
            if asked.kind is FieldKind.CHOICE and not asked.options:
                raise ValueError(f'prechat field "{key}" is a choice without options')
