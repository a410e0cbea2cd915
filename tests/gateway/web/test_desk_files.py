"""The desk's files: a word for each of the core's, the sentences that it says, the sheets of the page."""

import ast
import re
from typing import get_args

import pytest

from adapters.degrade import ChangeKind, Why
from gateway.http.problems import REFUSALS
from gateway.views.agent import reasons_against
from gateway.views.release import EASIEST
from router.conversation import State
from router.events import AnyEvent
from router.message import DeliveryState, MediaKind
from router.presence import Intent, Presence, Reachability
from router.trace import Outcome, Stage
from skills.agent import Agent
from skills.ids import AgentId
from tests.architecture.house import ROOT
from tests.gateway.web.page_files import WEB, catalogue, codes_in, said_in, stem, values, written_in

DESK = WEB / "desk"
SCRIPTS = sorted(DESK.glob("*.mjs"))
SHEETS = sorted(DESK.glob("*.css"))

FINAL = ("Rejected", "ContactUnreachable", "Ambiguous")
"""Errors after which a message is rejected or unverified."""


def test_sentences_exist() -> None:
    """The code says no sentence that the catalogues do not have."""
    known = {stem(key) for key in (*catalogue("desk/locales"), *catalogue("shared/reasons"))}
    families = {key.split(".")[0] for key in known}
    said, _ = said_in(written_in(*SCRIPTS))
    assert {key for key in said if key.split(".")[0] in families} - known == set()


def test_sentences_are_used() -> None:
    """Each sentence is written out in the code, or belongs to a family that the code puts together."""
    said, families = said_in(written_in(*SCRIPTS))
    unused = {
        key
        for key in map(stem, catalogue("desk/locales"))
        if key not in said and not any(map(key.startswith, families))
    }
    assert unused == set()


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("state", values(State)),
        ("outcome", values(Outcome)),
        ("stage", values(Stage)),
        ("delivery", values(DeliveryState)),
        ("presence", values(Intent)),
        ("trigger", {event.__name__ for event in get_args(AnyEvent)}),
        ("problem", {kind for _, kind in REFUSALS.values()}),
    ],
)
def test_core_is_put_into_words(family: str, codes: set[str]) -> None:
    """Whatever the core may answer has a word in the desk."""
    assert codes - codes_in("desk/locales", family) == set()


def test_reasons_against_an_agent_are_put_into_words() -> None:
    """Whatever keeps an agent from receiving is said at the desk."""
    agent = Agent(id=AgentId("li.na"), name="李娜", units=1)
    found = {
        reason.value
        for intent in Intent
        for reachability in Reachability
        for reason in reasons_against(
            agent,
            Presence(agent=agent.id, intent=intent, reachability=reachability, on_shift=False, load=1.0, misses=2),
        )
    }
    assert {f"reason.{reason}" for reason in found} - set(catalogue("desk/locales")) == set()


def codes_of_failures() -> set[str]:
    """The codes with which adapters end a delivery for good, as their source writes them."""
    calls = [
        node
        for path in (ROOT / "adapters").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FINAL and node.args
    ]
    return {str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)}


def test_failed_deliveries_are_put_into_words() -> None:
    """Whatever ends a delivery is said at the desk, but for the codes that only a platform knows."""
    found = codes_of_failures()
    assert {"refused", "no_answer", "file_gone"} <= found
    assert {f"failure.{code}" for code in found} - set(catalogue("desk/locales")) == set()


def test_what_would_release_is_put_into_words() -> None:
    """Whatever the server may name as the one change has a sentence."""
    known = set(catalogue("desk/locales"))
    assert {f"release.{verdict.value}" for verdict in EASIEST} - known == set()
    assert {f"release.by_{what}" for what in ("opening", "now", "step", "skill", "nobody")} - known == set()


def test_changes_on_the_way_are_put_into_words() -> None:
    """Whatever a channel may do to a message has a sentence, with its reason and the part's name."""
    known = set(catalogue("desk/locales"))
    assert {f"preview.{kind.value}" for kind in ChangeKind if kind is not ChangeKind.SPLIT} - known == set()
    assert {f"change.{why.value}" for why in Why} - known == set()
    assert {f"part.{kind.value}" for kind in MediaKind} - known == set()


def test_page_names_all_sheets() -> None:
    """The page loads each of the desk's sheets, and the shared ones before them."""
    page = (DESK / "index.html").read_text(encoding="utf-8")
    linked = re.findall(r'rel="stylesheet" href="([^"]+)"', page)
    assert linked[:2] == ["/web/shared/tokens.css", "/web/shared/base.css"]
    assert sorted(linked[2:]) == [f"/desk/{sheet.name}" for sheet in SHEETS]
