"""Versions: equal files have equal digests, and changes are told in the administrator's words."""

from dataclasses import replace

from config.configuration import AGENTS, INBOXES, ROUTING
from config.versions import Change, changes, digest, means_the_same
from tests.config.loading import configured, load_changed, sound_texts

SOUND = configured(load_changed())


def told(file: str, *replacements: tuple[str, str]) -> list[tuple[str, str]]:
    """What differs between the sound files and changed ones."""
    return [(change.what, change.how) for change in changes(SOUND, configured(load_changed(file, *replacements)))]


def test_digests() -> None:
    """The digest tells texts apart, and files from each other."""
    texts = sound_texts()
    assert digest(texts) == digest(dict(reversed(texts.items())))
    assert digest(texts) != digest({**texts, ROUTING: texts[ROUTING] + " "})
    assert digest({INBOXES: "a", AGENTS: "b"}) != digest({INBOXES: "b", AGENTS: "a"})


def test_nothing_changed() -> None:
    """The same files differ in nothing, and a comment or an empty line changes no meaning."""
    assert changes(SOUND, configured(load_changed())) == ()
    assert told(ROUTING, ("triage:\n", "# rules\n\ntriage:\n")) == []


def test_what_means_the_same() -> None:
    """Under files that differ in comments or in their number only, the core does the same; under others it may not."""

    def stays(file: str, *replacements: tuple[str, str]) -> bool:
        return means_the_same(SOUND.settings, configured(load_changed(file, *replacements)).settings)

    assert stays(ROUTING, ("triage:\n", "# rules\n\ntriage:\n"))
    assert means_the_same(SOUND.settings, replace(SOUND.settings, version=7))
    assert not stays(ROUTING, ("[日本, japan]", "[日本, japan, tokyo]"))
    assert not stays(ROUTING, ("answer_within: 15s", "answer_within: 30s"))
    assert not stays(AGENTS, ("units: 6", "units: 7"))
    turned = dict(reversed(list(SOUND.settings.agents.items())))
    assert not means_the_same(SOUND.settings, replace(SOUND.settings, agents=turned))


def test_changes_have_names() -> None:
    """Each difference is told by what it is and whose."""
    assert told(ROUTING, ("13:30-18:00", "13:00-18:00")) == [
        ("hours office", "changed"),
    ]
    assert told(ROUTING, ("answer_within: 15s", "answer_within: 30s")) == [("priority vip", "changed")]
    assert told(ROUTING, ("[日本, japan]", "[日本, japan, tokyo]")) == [("tag rules", "changed")]
    assert told(AGENTS, ("units: 6", "units: 7")) == [("agent li.na", "changed")]
    assert told(INBOXES, ("name: Website", "name: Shop")) == [("inbox website", "changed")]


def test_added_and_removed() -> None:
    """What is new or gone says so."""
    new = configured(load_changed(AGENTS, ("  wang.fang:", "  he.ping: {name: 何平, groups: [asia]}\n  wang.fang:")))
    assert changes(SOUND, new) == (Change(what="agent he.ping", how="added"),)
    assert changes(new, SOUND) == (Change(what="agent he.ping", how="removed"),)
