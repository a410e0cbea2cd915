"""The administrator's files: words for what the server may say, the sheets of the page."""

import re
from pathlib import Path

import pytest

from config.problem import Severity
from router.trace import Stage
from skills.agent import Role
from tests.architecture.house import ROOT
from tests.gateway.web.page_files import WEB, catalogue, codes_in, said_in, stem, values, written_in

ADMIN = WEB / "admin"
SCRIPTS = sorted(ADMIN.glob("*.mjs"))
SHEETS = sorted(ADMIN.glob("*.css"))
BORROWED = [WEB / "desk" / f"{name}.mjs" for name in ("api", "dialog", "login", "notices", "reasons", "settings")]
"""The desk's parts that this page uses: they say sentences too."""

FILE_NAME = re.compile(r"\.yaml$")
INBOX_STATES = {"disabled", "waiting", "connecting", "connected", "listening", "restarting", "given_up"}
CHANGES = {"added", "removed", "changed", "moved"}
NAMED = re.compile(r'_(?:by_key|whole|rules)\("([a-z ]+)"')
KINDS = set(NAMED.findall((ROOT / "config" / "difference.py").read_text(encoding="utf-8")))
THINGS = {kind.replace(" ", "_") for kind in KINDS}
"""What a difference may be about."""


def said(scripts: list[Path]) -> tuple[set[str], set[str]]:
    """The sentences that these scripts say, and the beginnings of those that they put together."""
    keys, families = said_in(written_in(*scripts))
    return {key for key in keys if not FILE_NAME.search(key)}, families


def test_sentences_exist() -> None:
    """The page says no sentence that the catalogues do not have."""
    known = {stem(key) for key in (*catalogue("admin/locales"), *catalogue("shared/reasons"))}
    families = {key.split(".")[0] for key in known}
    keys, _ = said(SCRIPTS)
    assert {key for key in keys if key.split(".")[0] in families} - known == set()


def test_sentences_are_used() -> None:
    """Each sentence is written out here or in what is borrowed, or belongs to a family that is put together."""
    keys, families = said([*SCRIPTS, *BORROWED])
    unused = {
        key
        for key in map(stem, catalogue("admin/locales"))
        if key not in keys and not any(map(key.startswith, families))
    }
    assert unused == set()


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("stage", values(Stage)),
        ("severity", values(Severity)),
        ("role", values(Role)),
        ("inbox", INBOX_STATES),
        ("how", CHANGES),
        ("thing", THINGS),
    ],
)
def test_server_is_put_into_words(family: str, codes: set[str]) -> None:
    """Whatever the server may answer has a word on the page."""
    assert codes - codes_in("admin/locales", family) == set()


def test_every_kind_of_difference_is_known() -> None:
    """The page puts exactly those kinds of things into words that the server names."""
    script = (ADMIN / "meaning.mjs").read_text(encoding="utf-8")
    listed = script.partition("const KINDS = Object.freeze([")[2].partition("]")[0]
    assert set(re.findall(r'"([a-z ]+)"', listed)) == KINDS
    assert len(KINDS) > 10


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_write_no_raw_colours(script: Path) -> None:
    """The editor's look is made of the same tokens as the sheets."""
    assert re.findall(r'"#[0-9a-fA-F]{3,8}"', script.read_text(encoding="utf-8")) == []


def test_page_names_all_sheets() -> None:
    """The page loads each of its own sheets, and the shared ones before them."""
    page = (ADMIN / "index.html").read_text(encoding="utf-8")
    linked = re.findall(r'rel="stylesheet" href="([^"]+)"', page)
    assert linked[:2] == ["/web/shared/tokens.css", "/web/shared/base.css"]
    assert {address for address in linked if address.startswith("/admin/")} == {
        f"/admin/{path.name}" for path in SHEETS
    }
