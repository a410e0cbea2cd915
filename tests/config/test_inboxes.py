"""Inboxes: sections become their channel's settings, with references resolved and secrets kept out of sight."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import Adapter, Tools
from adapters.secret import Secret
from config.configuration import INBOXES
from config.inbox import Channels, Connecting, Inbox, Surroundings
from config.positions import Document, read_document
from config.problem import Code, Problem
from config.secrets import BadReference, UnresolvedReference, resolve
from router.ids import ChannelName, InboxId


class Colour(Enum):
    """How a pigeon looks."""

    GREY = "grey"
    WHITE = "white"


@dataclass(frozen=True, slots=True, kw_only=True)
class PigeonSettings:
    """A loft."""

    key: Secret = field(metadata={"doc": "What opens the loft."})
    colour: Colour = Colour.GREY
    rings: tuple[str, ...] = ()
    patience: timedelta = timedelta(hours=1)
    wind: float | None = None
    api_base: str = "https://loft.example"
    labels: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what only a loft knows to be wrong."""
        if len(self.rings) > 2:
            raise ValueError("a pigeon has two legs")


@dataclass(frozen=True, slots=True)
class PigeonChannel:
    """A channel with every kind of setting."""

    name: ChannelName = ChannelName("pigeon")
    title: Mapping[str, str] = field(default_factory=lambda: {"en": "Pigeon"}, hash=False)
    settings_type: type[PigeonSettings] = PigeonSettings

    def build(self, inbox: InboxId, settings: Any, tools: Tools) -> Adapter:
        """Nobody builds pigeons here."""
        raise NotImplementedError


CHANNELS = Channels(names=("pigeon",), find=lambda _: PigeonChannel())


WORD = re.compile(r'\w+|"[^"]*"')


def read(
    text: str, environment: Mapping[str, str] | None = None, *, strict: bool = True
) -> tuple[dict[InboxId, Inbox], list[Problem]]:
    """The inboxes of a text, and what is wrong with them."""
    document = read_document(INBOXES, text)
    assert isinstance(document, Document)
    around = Surroundings(environment=environment or {}, directory=Path(), is_strict=strict)
    connecting = Connecting(document, CHANNELS, around)
    return connecting.inboxes(), connecting.problems


def one(text: str, **environment: str) -> Inbox:
    """The only inbox, which must be sound."""
    inboxes, problems = read(f"inboxes:\n  loft: {{channel: pigeon, {text}}}\n", environment)
    assert problems == []
    return inboxes[InboxId("loft")]


def codes(text: str, *, strict: bool = True, **environment: str) -> list[str]:
    """The problems of the only inbox, each as the word that it points at and its code."""
    whole = f"inboxes:\n  loft: {{channel: pigeon, {text}}}\n"
    _, problems = read(whole, environment, strict=strict)
    lines = whole.split("\n")
    return [f"{WORD.match(lines[p.line - 1], p.column - 1)[0]} {p.code.value}" for p in problems]  # type: ignore[index]


def test_settings_are_filled() -> None:
    """Every kind of field arrives as the dataclass declares it."""
    inbox = one(
        'key: "${env:KEY}", colour: white, rings: [a, b], patience: 2h, wind: 3, labels: {a: x}, name: Loft, '
        "languages: [en], enabled: true, give_up_after: 2h",
        KEY="k",
    )
    settings = inbox.settings
    assert isinstance(settings, PigeonSettings)
    assert settings.key.reveal() == "k"
    assert (settings.colour, settings.rings, settings.patience) == (Colour.WHITE, ("a", "b"), timedelta(hours=2))
    assert (settings.wind, settings.labels) == (3, {"a": "x"})
    assert (inbox.name, inbox.languages, inbox.enabled, inbox.channel) == ("Loft", ("en",), True, "pigeon")
    assert inbox.give_up_after == timedelta(hours=2)


def test_defaults_are_the_channels_own() -> None:
    """What is not written has the dataclass's default, and the inbox is called by its id."""
    inbox = one('key: "${env:KEY}"', KEY="k")
    assert inbox.settings.colour is Colour.GREY
    assert inbox.settings.api_base == "https://loft.example"
    assert inbox.name == "loft"


def test_another_server_may_be_named() -> None:
    """Every inbox takes ``api_base``, from the environment too."""
    assert one('key: "${env:KEY}", api_base: "${env:BASE}"', KEY="k", BASE="http://127.0.0.1:1").settings.api_base == (
        "http://127.0.0.1:1"
    )


def test_secrets_never_print() -> None:
    """Neither an inbox nor its settings show a secret when they are printed."""
    assert "hush" not in repr(one('key: "${env:KEY}"', KEY="hush"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('key: "${env:KEY}", color: white', ["color E010"]),
        ('key: "${env:KEY}", colour: wite', ["wite E013"]),
        ('key: "${env:KEY}", patience: soon', ["soon E014"]),
        ('key: "${env:KEY}", wind: strong', ["strong E012"]),
        ('key: "${env:KEY}", rings: [a, 2]', ["2 E012"]),
        ('key: "${env:KEY}", rings: [a, b, c]', ["loft E014"]),
        ('key: "${env:KEY}", enabled: maybe', ["maybe E012"]),
        ("colour: white", ["loft E011"]),
        ("key: hush", ["hush W204"]),
        ('key: "${enw:KEY}"', ['"${enw:KEY}" E014']),
        ('key: "${env:NO KEY}"', ['"${env:NO KEY}" E014']),
        ('key: "${env:OTHER}"', ['"${env:OTHER}" E140']),
        ('key: "${env:OTHER}", enabled: false', []),
    ],
)
def test_problems_have_their_place(text: str, expected: list[str]) -> None:
    """Each mistake in a section is found at its key or value."""
    assert codes(text, KEY="k") == expected


def test_what_is_missing_is_a_warning_when_only_checking() -> None:
    """A variable that is not set keeps the service from running, and does not keep a file from being checked."""
    assert codes('key: "${env:OTHER}"', strict=True) == ['"${env:OTHER}" E140']
    assert codes('key: "${env:OTHER}"', strict=False) == ['"${env:OTHER}" W205']


def test_every_inbox_is_looked_at() -> None:
    """One broken inbox hides no other."""
    text = "inboxes:\n  a: {channel: pidgeon}\n  b: {channel: pigeon}\n  c: {name: x}\n"
    inboxes, problems = read(text)
    assert inboxes == {}
    assert [(problem.line, problem.code) for problem in problems] == [
        (2, Code.UNKNOWN_CHANNEL),
        (3, Code.MISSING_KEY),
        (4, Code.MISSING_KEY),
    ]
    assert problems[0].suggestion == 'did you mean "pigeon"?'


def test_references(tmp_path: Path) -> None:
    """The environment, with and without default, and files without their last line break."""
    (tmp_path / "token").write_text("from file\n", encoding="utf-8")
    assert resolve("${env:A}", {"A": "x"}, tmp_path) == "x"
    assert resolve("${env:A:-y}", {}, tmp_path) == "y"
    assert resolve("${env:A:-}", {}, tmp_path) == ""
    assert resolve("${file:token}", {}, tmp_path) == "from file"


@pytest.mark.parametrize("text", ["${env:}", "${env:A B}", "${file:}", "${vault:x}", "${env:A", "${env:A} tail"])
def test_bad_references(text: str, tmp_path: Path) -> None:
    """What begins like a reference and is none is an error, not a value."""
    with pytest.raises(BadReference):
        resolve(text, {"A": "x"}, tmp_path)


@pytest.mark.parametrize("text", ["${env:NOT_SET}", "${file:not-there}", "${file:.}"])
def test_references_that_lead_nowhere(text: str, tmp_path: Path) -> None:
    """A variable that is not set and a file that cannot be read are said by name."""
    with pytest.raises(UnresolvedReference, match=r"NOT_SET|not-there|file"):
        resolve(text, {"EMPTY": ""}, tmp_path)
