"""The platform's HTML: its tags, what it refuses, what a contact sees (core.telegram.org/bots/api#html-style)."""

import re
from collections.abc import Mapping
from typing import Any, Final

from adapters.telegram.fake_platform.refusals import bad

_KINDS: Final[Mapping[str, str]] = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "tg-spoiler": "spoiler", "blockquote": "blockquote",
}  # fmt: skip

_TOKEN = re.compile(r"<(?P<end>/?)(?P<tag>[a-zA-Z][\w-]*)?(?P<rest>[^<>]*)(?P<close>>?)|&(?P<name>#?\w+);|[^<&]+|&")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


def read(html: str) -> tuple[str, list[dict[str, Any]]]:
    """The text that a contact sees, and its entities.

    Raises:
        Refusal: as the platform refuses it.
    """
    text = ""
    open_tags: list[tuple[str, int, str]] = []
    entities: list[dict[str, Any]] = []
    for token in _TOKEN.finditer(html):
        if not token[0].startswith("<"):
            text += _decoded(token["name"]) or token[0]
            continue
        offset = len(html[: token.start()].encode())
        tag = (token["tag"] or "").lower()
        if token["end"]:
            if not open_tags or open_tags[-1][0] != tag:
                raise bad(f"can't parse entities: Unmatched end tag at byte offset {offset}")
            _, start, url = open_tags.pop()
            if start < len(text):
                entities.append(_entity(text, start, _KINDS[tag], url))
        elif tag not in _KINDS or not token["close"]:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {offset}')
        else:
            open_tags.append((tag, len(text), _decoded_all(_href(token["rest"]))))
    if open_tags:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1][0]}\"")
    return _trimmed(text, entities)


def _trimmed(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Without the space around it, which the platform drops."""
    shift = _units(text[: len(text) - len(text.lstrip())])
    for entity in entities:
        entity["offset"] = max(entity["offset"] - shift, 0)
    return text.strip(), sorted(entities, key=lambda entity: int(entity["offset"]))


def _entity(text: str, start: int, kind: str, url: str) -> dict[str, Any]:
    entity: dict[str, Any] = {"type": kind, "offset": _units(text[:start]), "length": _units(text[start:])}
    return entity | ({"url": url} if kind == "text_link" else {})


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _href(rest: str) -> str:
    found = _HREF.search(rest)
    return (found[1] or found[2] or "") if found else ""


def _decoded_all(text: str) -> str:
    return re.sub(r"&(#?\w+);", lambda match: _decoded(match[1]) or match[0], text)


def _decoded(name: str | None) -> str:
    if name is None:
        return ""
    if name.startswith("#"):
        digits, radix = (name[2:], 16) if name[1:2] in {"x", "X"} else (name[1:], 10)
        try:
            return chr(int(digits, radix))
        except (ValueError, OverflowError):
            return ""
    return _NAMED.get(name, "")
