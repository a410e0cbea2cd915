"""A Dockerfile as instructions, and what we ask of one."""

import json
import re
from dataclasses import dataclass

FORMS_OF_ROOT = frozenset({"", "0", "root"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One instruction with its continuation lines joined; ``stage`` counts the ``FROM`` lines, from 1."""

    stage: int
    name: str
    rest: str


def instructions(text: str) -> list[Instruction]:
    """Split a Dockerfile into instructions; comments and empty lines are dropped."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    found: list[Instruction] = []
    stage = 0
    for logical in re.sub(r"\\\n\s*", " ", "\n".join(lines)).splitlines():
        name, _, rest = logical.strip().partition(" ")
        stage += name.upper() == "FROM"
        found.append(Instruction(stage=stage, name=name.upper(), rest=rest.strip()))
    return found


def is_exec_form(command: str) -> bool:
    """Whether a command is a JSON list, so that no shell stands between the signal and the process."""
    try:
        words = json.loads(command)
    except ValueError:
        return False
    return isinstance(words, list) and bool(words) and all(isinstance(word, str) for word in words)


def complaints(text: str) -> list[str]:
    """What is wrong with a Dockerfile, in one line each; empty when it may be built."""
    steps = instructions(text)
    last = max((step.stage for step in steps), default=0)
    final = {step.name: step.rest for step in steps if step.stage == last}
    user = final.get("USER", "").partition(":")[0]
    health = final.get("HEALTHCHECK", "").partition("CMD ")[2]
    bases = [step.rest.split()[0] for step in steps if step.name == "FROM"]
    installs = [step.rest for step in steps if step.name == "RUN" and "pip install" in step.rest]
    rules = {
        "one stage: the compiler's leftovers stay in the image": last >= 2,
        "a base image without an exact tag": all(":" in base and not base.endswith(":latest") for base in bases),
        "USER is not a numeric id, or is root": user.isdigit() and user not in FORMS_OF_ROOT,
        "no HEALTHCHECK in exec form": is_exec_form(health),
        "CMD is not in exec form: SIGTERM would not arrive": is_exec_form(final.get("CMD", "")),
        "ADD fetches and unpacks: use COPY": not any(step.name == "ADD" for step in steps),
        "the final stage copies from the checkout": "--from=" in final.get("COPY", "--from="),
        "an install without hashes": all("--require-hashes" in line or "--no-deps" in line for line in installs),
        "no volume for what must last": "/data" in final.get("VOLUME", ""),
    }
    return [complaint for complaint, is_kept in rules.items() if not is_kept]
