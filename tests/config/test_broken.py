"""Broken files: each gets exactly the problems that its first line expects, at these places."""

import re
from pathlib import Path

import pytest

from config.problem import Code
from tests.config.loading import load_changed, sound_texts

FOLDER = Path(__file__).parent / "broken"
FILES = sorted(FOLDER.glob("*.yaml"))
HEADER = re.compile(r"# (?P<file>\w+\.yaml) expects: (?P<problems>.+)")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_broken_file_gets_its_problems(path: Path, update: bool) -> None:
    """Every problem of the file is found in one pass, with its file, line, column and code, and no other."""
    text = path.read_text(encoding="utf-8")
    header = HEADER.match(text)
    assert header, "the first line says what is expected"
    loaded = load_changed(header["file"], text=text)
    found = ", ".join(
        f"{'' if problem.file == header['file'] else problem.file + ':'}{problem.line}:{problem.column} "
        f"{problem.code.value}"
        for problem in loaded.problems
    )
    if update:
        path.write_text(text.replace(header[0], f"# {header['file']} expects: {found}", 1), encoding="utf-8")
        return
    assert found == header["problems"]


def test_the_sound_files_have_no_problem() -> None:
    """What the broken files are made from is sound: their problems come from what was broken."""
    loaded = load_changed()
    assert loaded.problems == ()
    assert loaded.configuration is not None


def test_there_are_many() -> None:
    """There are at least 100 broken files, and none equals a sound one."""
    assert len(FILES) >= 100
    sound = set(sound_texts().values())
    assert not [path.name for path in FILES if path.read_text(encoding="utf-8").partition("\n")[2] in sound]


UNSEEN = {
    Code.NO_FILE: "a directory without the file; see test_load",
    Code.UNKNOWN_BOT: "test_load: an unknown bot",
    Code.UNRESOLVED_SECRET: "to run only; see test_inboxes",
    Code.YEAR_NOT_ANNOUNCED: "depends on the day; see test_timetable",
    Code.NOBODY_HAS_SKILL: "test_load: nobody has the skill",
}


def test_every_code_has_its_file() -> None:
    """Each code is shown by a broken file, or has a test elsewhere with the reason."""
    shown = set()
    for path in FILES:
        header = path.read_text(encoding="utf-8").partition("\n")[0]
        shown.update(re.findall(r"[EW]\d{3}", header))
    assert {code for code in Code if code.value not in shown} <= set(UNSEEN)
