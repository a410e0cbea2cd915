"""References: values that stand outside the files, such as secrets and addresses.

``${env:NAME}`` is an environment variable, ``${env:NAME:-value}`` one with a default, ``${file:PATH}`` a file's text
without its last line break, relative to the directory of the configuration.
"""

import re
from collections.abc import Mapping
from pathlib import Path

_REFERENCE = re.compile(r"\$\{(?P<kind>env|file):(?P<name>[^}]*?)(?P<fallback>:-[^}]*)?\}", re.ASCII)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)

LARGEST_FILE = 64 * 1024


class BadReference(ValueError):
    """A value begins like a reference and is none."""


class UnresolvedReference(LookupError):
    """What a reference names is not there; the message never holds a value."""


def is_reference(text: str) -> bool:
    """Whether the text is meant as a reference."""
    return text.startswith("${")


def resolve(text: str, environment: Mapping[str, str], directory: Path) -> str:
    """What the reference stands for.

    Raises:
        BadReference: it is not of one of the two forms.
        UnresolvedReference: the variable is not set, or the file cannot be read.
    """
    match = _REFERENCE.fullmatch(text)
    if match is None:
        raise BadReference("a reference is ${env:NAME}, ${env:NAME:-default} or ${file:PATH}")
    kind, name, fallback = match["kind"], match["name"], match["fallback"]
    if kind == "file":
        if fallback or not name:
            raise BadReference("a reference to a file is ${file:PATH}")
        return _read(directory / name, name)
    if not _VARIABLE.fullmatch(name):
        raise BadReference("a reference to the environment is ${env:NAME}, with letters, digits and _")
    value = environment.get(name)
    if value:
        return value
    if fallback is not None:
        return fallback.removeprefix(":-")
    raise UnresolvedReference(f"the environment variable {name} is not set")


def _read(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise UnresolvedReference(f"the file {name} is larger than {LARGEST_FILE} bytes")
        return content.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, ValueError) as error:
        raise UnresolvedReference(f"the file {name} cannot be read") from error
