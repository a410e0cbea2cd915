"""Loading: what comes of sound files, of missing ones, and of any bytes at all."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.configuration import AGENTS, FILES, ROUTING
from config.positions import Document, read_document
from config.problem import Code
from router.settings import AfterHours, OfferMode
from skills.agent import AgentKind, Role
from skills.bots.form import Form
from skills.ids import AgentId, GroupId
from tests.config.loading import CONFIG, configured, load_changed, load_directory, sound_texts

SHIPPED = {
    f"{folder}/{file}": (CONFIG / folder / file).read_text(encoding="utf-8")
    for folder in ("demo", "visa-shop")
    for file in FILES
}


def test_sound_files_become_settings() -> None:
    """What is written arrives in the core's settings; what is not has the core's defaults."""
    settings = configured(load_changed()).settings
    japan = settings.groups[GroupId("japan")]
    assert settings.version == 0
    assert settings.languages == ("zh-CN", "en")
    assert japan.group.name == {"zh-CN": "日本组", "en": "Japan desk"}
    assert [(step.after.seconds, step.requires, sorted(step.drop)) for step in japan.group.relax] == [
        (60, {"visa-jp": 1}, []),
        (120, None, ["lang-ja"]),
    ]
    assert japan.offer.mode is OfferMode.AUTO
    assert japan.after_hours.then is AfterHours.HOLD
    assert settings.groups[GroupId("asia")].group.name == {"zh-CN": "Asia"}
    agent = settings.agents[AgentId("li.na")]
    assert (agent.name, agent.role, agent.units, agent.shift) == ("李娜", Role.AGENT, 6, "office")
    assert settings.triage.group[0].line == 31
    assert [rule.name for rule in settings.triage.group] == ["to japan", "to asia", "otherwise"]


def test_bots_are_agents() -> None:
    """A bot of agents.yaml is an agent of its groups, made of what its kind is made of."""
    texts = sound_texts()
    bot = "bots:\n  front: {kind: form, name: Ada, questions: [{field: date, ask: When?}]}\n"
    loaded = load_changed(AGENTS, text=texts[AGENTS] + bot)
    configuration = configured(loaded)
    assert configuration.agents[AgentId("front")].kind is AgentKind.BOT
    program = configuration.bots[AgentId("front")].program
    assert isinstance(program, Form)
    assert [question.ask for question in program.questions] == [{"": "When?"}]


def test_unknown_bot() -> None:
    """A bot group names a bot that exists."""
    loaded = load_changed(ROUTING, ("{name: Asia, hours", "{name: Asia, kind: bot, bot: front, hours"))
    assert [problem.code for problem in loaded.problems] == [Code.UNKNOWN_BOT]


def test_nobody_has_the_skill() -> None:
    """A group and a rule that require what none of its agents has are warned of."""
    relax = "[{after: 60s, requires: {visa-jp: 1}}, {after: 2m, drop: [lang-ja]}]"
    group = load_changed(
        ROUTING, ("    requires: {visa-jp: 2}\n", "    requires: {visa-jp: 5, lang-ja: 4}\n"), (relax, "[]")
    )
    assert Code.NOBODY_HAS_SKILL in {problem.code for problem in group.problems}
    rule = load_changed(ROUTING, ("to: japan, requires: {visa-jp: 2}", "to: japan, requires: {lang-ja: 5}"))
    assert [(problem.line, problem.code) for problem in rule.problems] == [(31, Code.NOBODY_HAS_SKILL)]


@pytest.mark.parametrize(
    ("earlier", "later", "is_hidden"),
    [
        ("{text: [日本]}", "{text: [日本签证]}", True),
        ("{text: [日本签证]}", "{text: [日本]}", False),
        ("{text: [us]}", "{text: [us visa]}", True),
        ("{text: [us]}", "{text: [bus]}", False),
        ("{text: [日本, 韩国]}", "{text: [日本, 泰国]}", False),
        ("{inbox: [website, bot]}", "{inbox: bot, contact: new}", True),
        ("{inbox: website, contact: new}", "{inbox: website}", False),
        ("{}", "{text: [日本]}", True),
        ("{any: [{text: a}]}", "{any: [{text: b}]}", False),
        ("{attributes: {level: gold}}", "{attributes: {level: gold}, contact: new}", True),
    ],
)
def test_rules_that_no_message_reaches(earlier: str, later: str, is_hidden: bool) -> None:
    """A rule whose every message an earlier rule takes is warned of; one that can still match is not."""
    rules = f"    - {{when: {earlier}, to: japan}}\n    - {{when: {later}, to: asia}}\n    - {{otherwise: asia}}\n"
    loaded = load_changed(
        ROUTING,
        ("    - {when: {tags: [japan]}, to: japan, requires: {visa-jp: 2}}\n", ""),
        ("    - {when: {inbox: [website], hours: night}, to: asia}\n", ""),
        ("    - {otherwise: asia}\n", rules),
        ("expect: {group: japan, priority: normal}", "expect: {priority: normal}"),
    )
    assert [problem.code for problem in loaded.problems] == [Code.SHADOWED_RULE] * is_hidden


@pytest.mark.parametrize("missing", FILES)
def test_missing_files_are_said(missing: str, tmp_path: Path) -> None:
    """A directory without one of the files is told so, and the other two are checked all the same."""
    for file, text in sound_texts().items():
        if file != missing:
            (tmp_path / file).write_text(text.replace("Asia/Shanghai", "Asia/Nowhere"), encoding="utf-8")
    loaded = load_directory(tmp_path)
    assert (missing, Code.NO_FILE) in {(problem.file, problem.code) for problem in loaded.problems}
    if missing != ROUTING:
        assert Code.UNKNOWN_ZONE in {problem.code for problem in loaded.problems}
    assert loaded.configuration is None


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """A file in another encoding is a problem, not a crash."""
    for file, text in sound_texts().items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    (tmp_path / ROUTING).write_bytes("日本".encode("gb18030"))
    assert [problem.code for problem in load_directory(tmp_path).problems] == [Code.NO_FILE]


@given(data=st.data())
def test_mutated_files_never_crash(data: st.DataObject) -> None:
    """Whatever happens to a shipped file, loading answers with problems that stand in it, or with a configuration."""
    name = data.draw(st.sampled_from(sorted(SHIPPED)))
    file = name.partition("/")[2]
    # The whole visa shop takes a while to read: its first lines have everything that can break.
    text = SHIPPED[name][:3000]
    at = data.draw(st.integers(0, len(text)))
    length = data.draw(st.sampled_from([0, 1, 2, 5, 40]))
    piece = data.draw(
        st.sampled_from(
            ["", "[", "]", "{", "}", ":", "- ", "\n", "\t", "&a ", "*a", "!x ", "|", "'", '"', "#", "日", "~"]
        )
        | st.text(max_size=4)
    )
    loaded = load_changed(file, text=text[:at] + piece + text[at + length :])
    lines = (text[:at] + piece + text[at + length :]).count("\n") + 2
    assert all(1 <= problem.line <= lines for problem in loaded.problems if problem.file == file)
    assert loaded.has_errors is (loaded.configuration is None)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def _paths(value: object, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a value."""
    if isinstance(value, dict):
        return [path for key, inner in value.items() for path in ((*here, key), *_paths(inner, (*here, key)))]
    if isinstance(value, list):
        return [path for index, inner in enumerate(value) for path in ((*here, index), *_paths(inner, (*here, index)))]
    return []


@given(data=st.data())
def test_any_value_anywhere_never_crashes(data: st.DataObject) -> None:
    """A value of any kind in any place is a problem or harmless, never an exception."""
    file = data.draw(st.sampled_from(FILES))
    document = read_document(file, sound_texts()[file])
    assert isinstance(document, Document)
    value = document.root.plain()
    *path, last = data.draw(st.sampled_from(_paths(value)))
    container = value
    for step in path:
        container = container[step]
    container[last] = data.draw(JUNK)
    loaded = load_changed(file, text=json.dumps(value, ensure_ascii=True))  # JSON is YAML
    assert loaded.has_errors is (loaded.configuration is None)


def test_aliases_of_aliases_are_refused() -> None:
    """A few lines that would grow to millions of values are refused before they do."""
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in range(1, 9):
        bomb += f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n"
    assert Code.NOT_YAML in {problem.code for problem in load_changed(ROUTING, text=bomb).problems}
