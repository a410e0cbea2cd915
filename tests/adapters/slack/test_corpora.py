"""Recorded and documented payloads, where the collection stands beside the checkout: none is an error."""

import json
from typing import Any

from adapters.contract import Parsed
from adapters.slack.parse import parse
from adapters.slack.refusal import BLAMES, Blame
from tests.adapters.suite import assert_well_formed
from tests.architecture.house import ROOT

SIGNS = ("reaction_added", "reaction_removed")
COLLECTION = ROOT.parent / "shared" / "corpora" / "slack"


def collected(name: str) -> dict[str, Any]:
    """One file of the collection; empty where there is none."""
    path = COLLECTION / name
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def understood(body: bytes) -> Parsed:
    """What a body means; it is well formed."""
    parsed = parse(body)
    assert_well_formed(parsed)
    return parsed


def test_recorded_deliveries_are_understood() -> None:
    """Each recorded delivery parses; what people said, pressed and commanded is heard."""
    for path in sorted((COLLECTION / "opsdroid").glob("*")):
        parsed = understood(path.read_bytes())
        is_said = any(word in path.name for word in ("block_action", "slash_command", "message_changed"))
        assert bool(parsed.inbound) is is_said, path.name


def test_documented_events_are_understood() -> None:
    """Each documented event parses; of all of them only messages and reactions say something."""
    for name, event in collected("event_examples.json").items():
        for installation in (
            {"team_id": "T1"},
            {"authorizations": [{"team_id": "T1", "user_id": "U9", "is_bot": True}]},
        ):
            envelope = {"type": "event_callback", "event_id": "Ev1", "event": event, **installation}
            parsed = understood(json.dumps(envelope).encode())
            assert parsed.inbound == () or name in {"message", *SIGNS}, name
            direct = {**envelope, "event": {**event, "channel": "D1"}} if name == "message" else envelope
            assert bool(understood(json.dumps(direct).encode()).inbound) is (name in {"message", *SIGNS})


def test_each_documented_code_is_classified() -> None:
    """No error code of a method that we call is left to the default."""
    codes = {code for codes in collected("method_errors.json").values() for code in codes}
    assert sorted(codes - set(BLAMES)) == []


def test_what_may_have_happened_is_never_called_certain() -> None:
    """The two codes after which part of the work may be done, as their documentation says, and no other."""
    described = {code: words for codes in collected("method_errors.json").values() for code, words in codes.items()}
    doubtful = {code for code, words in described.items() if "some aspect of the operation succeeded" in words}
    assert doubtful <= {code for code, blame in BLAMES.items() if blame is Blame.UNKNOWN}
