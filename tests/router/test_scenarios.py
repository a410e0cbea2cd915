"""The stories of ``tests/router/scenarios`` happen as their files say."""

from pathlib import Path

import pytest

from tests.router.story import played, read, written

FOLDER = Path(__file__).with_name("scenarios")
STORIES = sorted(FOLDER.glob("*.toml"))
FEWEST = 25


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_story_happens_as_told(path: Path, update: bool) -> None:
    """Each step has exactly the consequences that the file tells; with --update the file tells what happened."""
    story = read(path)
    happened = played(story)
    if update:
        path.write_text(written(happened), encoding="utf-8")
        return
    for told, real in zip(story["step"], happened["step"], strict=True):
        assert told.get("expect") == real["expect"], f"at {told['at']}: {told['does']}"
    assert story.get("figures") == happened.get("figures")


def test_story_that_tells_something_else_fails() -> None:
    """The comparison can fail: a story without expectations is not what happens."""
    story = read(STORIES[0])
    assert all(step["expect"] is not None for step in story["step"])
    emptied = {**story, "step": [{**step, "expect": []} for step in story["step"]]}
    assert played(emptied)["step"] != emptied["step"]


def test_file_is_written_as_it_is_read() -> None:
    """Updating a story that is right changes nothing in its file."""
    assert [path.stem for path in STORIES if written(played(read(path))) != path.read_text(encoding="utf-8")] == []


def test_there_are_enough_stories() -> None:
    """The sentences of the routing semantics are told, not only tested."""
    assert len(STORIES) >= FEWEST
    sentences = [read(path)["sentence"] for path in STORIES]
    assert len(set(sentences)) == len(sentences)
