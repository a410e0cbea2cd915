"""Mutations: whatever becomes of a file under somebody's hands, `check` says what is wrong and never falls over."""

from random import Random

import pytest

from config.configuration import AGENTS, FILES, INBOXES, ROUTING
from config.inbox import Surroundings
from config.load import load_texts
from tests.config.loading import CHANNELS, CONFIG, ENVIRONMENT, NOW, SOUND

SHOP = {file: (CONFIG / "visa-shop" / file).read_text(encoding="utf-8") for file in FILES}
JUNK = (
    "{", "}", "[", "]", ":", ",", "-", "'", '"', "&a", "*a", "!!x ", "\t", "#", "|", "9", "null", "~", "{{", "%}",
    "日", "\0", "\u2028",
)  # fmt: skip
ROUNDS = 20
IN_A_ROUND = 2
"""A shop takes a third of a second: 40 here, 1,000 under `make torture`."""


def mutated(text: str, dice: Random) -> str:
    """One to three changes: a line lost, doubled, moved, indented or cut; something typed, taken out or exchanged."""
    for _ in range(dice.randint(1, 3)):
        lines = text.splitlines(keepends=True) or ["\n"]
        at = dice.randrange(len(lines))
        line = lines[at]
        place = dice.randrange(len(line))
        match dice.randrange(8):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, line)
            case 2:
                lines.insert(dice.randrange(len(lines)), lines.pop(at))
            case 3:
                lines[at] = " " * dice.randint(1, 4) + line
            case 4:
                lines[at] = line[:place] + "\n"
            case 5:
                lines[at] = line[:place] + dice.choice(JUNK) + line[place:]
            case 6:
                lines[at] = line[:place] + line[place + 1 :]
            case _:
                words = line.split(" ")
                dice.shuffle(words)
                lines[at] = " ".join(words)
        text = "".join(lines)
    return text


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_mutations_of_the_shop(seed: int, effort: int) -> None:
    """Mutated files: each is either sound or has a problem, at a place that is there, and nothing is raised."""
    dice = Random(seed)
    around = Surroundings(environment=ENVIRONMENT, directory=SOUND)
    for _ in range(IN_A_ROUND * effort):
        file = dice.choice((ROUTING, ROUTING, AGENTS, INBOXES))
        texts = {**SHOP, file: mutated(SHOP[file], dice)}
        loaded = load_texts(texts, channels=CHANNELS, surroundings=around, at=NOW)
        assert (loaded.configuration is None) == loaded.has_errors
        for problem in loaded.problems:
            lines = texts[problem.file].split("\n")
            assert 1 <= problem.line <= len(lines) + 1
            assert problem.column >= 1
            assert problem.message
