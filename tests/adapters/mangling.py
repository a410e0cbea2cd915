"""Mangling: bodies that no platform sends, made of bodies that platforms send.

Half of it knows the structure (JSON, XML, forms with JSON in them) and puts something else into one place; the rest
knows bytes only. `HOSTILE` is what is written by hand: what has broken parsers before.
"""

import json
import re
from collections.abc import Sequence
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode

_MEGABYTE = 1 << 20

HOSTILE = {
    "deep lists": b"[" * 200_000,
    "deep objects": b'{"a":' * 200_000,
    "deep inside": b'{"update_id":1,"message":' + b'{"reply_to_message":' * 100_000 + b"1" + b"}" * 100_001,
    "deep where nobody looks": b'{"type":"event_callback","x":' + b"[" * 300_000 + b"]" * 300_000 + b"}",
    "deep in a form": b"payload=" + b"%7B%22a%22%3A" * 50_000,
    "a number without end": b'{"update_id":' + b"9" * 10_000 + b"}",
    "a number of a megabyte": b'{"update_id":' + b"9" * (_MEGABYTE - 100) + b"}",
    "a fraction without end": b'{"update_id":0.' + b"3" * 900_000 + b"}",
    "a number beyond floats": b'{"update_id":1e999}',
    "an exponent without end": b'{"update_id":1e' + b"9" * 10_000 + b"}",
    "NaN": b'{"update_id":NaN,"type":Infinity}',
    "half a surrogate pair": b'{"update_id":1,"message":"\\ud83d"}',
    "the other half": b'{"type":"\\udc00"}',
    "no UTF-8": b'{"update_id":1,"message":"\xff\xfe"}',
    "an overlong slash": b'{"type":"\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"type":"\xed\xa0\x80"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"type":"event_callback"}'.encode("utf-16"),
    "nothing": b"",
    "NUL": b"\0",
    "NUL as an escape": b'{"type":"\\u0000","update_id":1}',
    "a megabyte of NUL": b"\0" * _MEGABYTE,
    "a megabyte of space": b" " * _MEGABYTE,
    "a megabyte of quotes": b'"' * _MEGABYTE,
    "a megabyte of backslashes": b'{"type":"' + b"\\" * 900_000 + b'"}',
    "a megabyte of escapes": b'{"type":"' + b"\\u0000" * 150_000 + b'"}',
    "the same name twice": b'{"update_id":1,"update_id":2}',
    "a hundred thousand names": b"{" + b",".join(b'"%d":1' % n for n in range(90_000)) + b"}",
    "a list of everything": b"[" + b"{}," * 300_000 + b"{}]",
    "a form of nothing": b"&" * _MEGABYTE,
    "a form of everything": b"a=b&" * 250_000,
    "a form of percents": b"payload=" + b"%" * 1_000_000,
    "a form of escapes": b"command=%2Fx&text=" + b"%00" * 300_000,
    "a form twice over": b"payload%3D" + b"%25" * 300_000,
    "a billion laughs": b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(9))
    + b"]><xml><Content>&j;</Content></xml>",
    "one entity, long, often": b'<!DOCTYPE x [<!ENTITY a "'
    + b"a" * 20_000
    + b'">]><xml>'
    + b"&a;" * 10_000
    + b"</xml>",
    "a file of ours": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>',
    "an address": b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><xml/>',
    "deep elements": b"<xml>" + b"<a>" * 9_000 + b"</a>" * 9_000 + b"</xml>",
    "elements side by side": b"<xml>" + b"<a/>" * 15_000 + b"</xml>",
    "many attributes": b"<xml " + b" ".join(b'a%d="1"' % n for n in range(5_000)) + b"/>",
    "one attribute, twice": b'<xml a="1" a="2"/>',
    "a section without end": b"<xml><Content><![CDATA[" + b"]" * 60_000,
    "a comment without end": b"<xml><!--" + b"-" * 60_000,
    "XML that says UTF-16": b'<?xml version="1.0" encoding="UTF-16"?><xml/>',
    "a number of a character": b"<xml><Content>&#x0;&#xD800;&#x110000;</Content></xml>",
}

_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, -(2**31), 2**53 + 1, 2**63, -(2**63) - 1, 2**64, 10**40, 0.5, -0.0, 1e308,
    "", " ", "\0", "a\0b", "\ud83d", "\udfff", "\u202e", "\ufeff", "e\u0301" * 50, "0", "-1", "1e9", "null", "²", "١٢",
    "9" * 400, "<!-- -->", "]]>", "&amp;&#0;", "<@U1|x>", "<http://[::1]:99999/|x>", "%", "%zz", "/start", "../..",
    "A" * 5_000, "签" * 1_000, "🏴\U000e0067\U000e0062" * 20, [], {}, [[]], [{}], [None], {"": ""}, {"type": "x"},
    {"id": None}, ["a", 1, None], [1] * 300, {str(n): n for n in range(100)},
    "@NaN@", "@1e999@", "@-@", "@9999999999999999999999999@",
)  # fmt: skip
"""What may stand in a place; between ``@`` what no library writes."""

_RAW = re.compile(rb'"@([^@"]*)@"')
_ELEMENT = re.compile(rb"<(\w+)>(?:<!\[CDATA\[.*?\]\]>|[^<]*)</\1>", re.DOTALL)
_DEEP = 40
_CONTENTS = (
    b"", b" ", b"\0", b"&#0;", b"&lt;", b"&nobody;", b"<![CDATA[]]>", b"<![CDATA[<xml>]]>", b"]]>",
    b"<![CDATA[]]]]><![CDATA[>]]>", b"\xff\xfe", b"\xed\xa0\x80", "签".encode() * 500, b"9" * 400, b"-1", b"1e9",
    b"NaN", "١٢".encode(), b"<a><b/></a>", b"<?x y?>", b"<!--x-->", b"<a>" * 12 + b"</a>" * 12, b"event",
    b"<item/>" * 200, b"text", b"A" * 5_000,
)  # fmt: skip


class Mangler:
    """Makes bodies of one channel's bodies, for ever."""

    def __init__(self, bodies: Sequence[bytes], chance: Random) -> None:
        self._bodies = list(bodies)
        self._plain = [(body, _read(body)) for body in bodies]
        self._chance = chance

    def next(self) -> bytes:
        """Another body."""
        chance = self._chance
        body, plain = chance.choice(self._plain)
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            if chance.random() < 0.03:
                return chance.randbytes(chance.randrange(200))
            if chance.random() < 0.35:
                body, plain = self._bytes(body), None
            elif plain is not None:
                plain = self._place(plain)
                body = _written(plain)
            elif body[:1] == b"<":
                body = self._element(body)
            elif b"=" in body[:40]:
                body = self._form(body)
            else:
                body = self._bytes(body)
        return body

    def _place(self, plain: Any, depth: int = 0) -> Any:
        """The same with one place in it replaced, left out, renamed, doubled, or put deeper."""
        chance = self._chance
        if isinstance(plain, dict) and plain and depth < _DEEP and chance.random() < 0.85:
            name = chance.choice(list(plain))
            way = chance.random()
            if way < 0.12:
                return {other: kept for other, kept in plain.items() if other != name}
            if way < 0.17:
                return {**plain, chance.choice(("", "type", "id", "\0", "\ud83d", name + "x")): plain[name]}
            return {**plain, name: self._place(plain[name], depth + 1)}
        if isinstance(plain, list) and plain and depth < _DEEP and chance.random() < 0.85:
            at = chance.randrange(len(plain))
            if chance.random() < 0.15:
                return plain * chance.choice((0, 2, 30))
            return [*plain[:at], self._place(plain[at], depth + 1), *plain[at + 1 :]]
        return self._value(plain)

    def _value(self, plain: Any) -> Any:
        chance = self._chance
        way = chance.random()
        if way < 0.7:
            return chance.choice(_VALUES)
        if way < 0.8:
            deep: Any = plain
            for _ in range(chance.choice((1, 10, 300))):
                deep = [deep] if chance.random() < 0.5 else {"a": deep}
            return deep
        if isinstance(plain, str) and plain:
            at = chance.randrange(len(plain))
            return (
                plain[:at]
                + chr(chance.choice((0, 0x7F, 0xD800, 0x202E, 0xFFFF, 0x10FFFF, chance.randrange(0x3000))))
                + plain[at:]
            )
        if isinstance(plain, int):
            return plain * chance.choice((-1, 10, 10**6, 10**12, 2**64)) + chance.choice((-1, 0, 1))
        other = chance.choice(self._plain)[1]
        return other if other is not None else None

    def _element(self, body: bytes) -> bytes:
        chance = self._chance
        found = list(_ELEMENT.finditer(body))
        if not found:
            return self._bytes(body)
        one = chance.choice(found)
        name, before, after = one[1], body[: one.start()], body[one.end() :]
        content = chance.choice(_CONTENTS)
        return before + chance.choice((
            b"",
            one[0] * 2,
            b"<%s>%s</%s>" % (name, content, name),
            b"<%s>%s</%s>" % (name, content, name),
            b"<%s><![CDATA[%s]]></%s>" % (name, content, name),
            b"<%s a='1'>%s</%s>" % (name, content, name),
            b"<a>%s</a>" % one[0],
            b"<%sx>%s</%sx>" % (name, content, name),
            b"<%s>" % name,
            b"<%s/>" % name,
            chance.choice(list(_ELEMENT.finditer(chance.choice(self._bodies))) or [one])[0],
        )) + after  # fmt: skip

    def _form(self, body: bytes) -> bytes:
        chance = self._chance
        fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        if not fields:
            return self._bytes(body)
        at = chance.randrange(len(fields))
        name, value = fields[at]
        plain = _read(value.encode("utf-8", "replace"))
        if plain is not None and chance.random() < 0.9:
            fields[at] = (name, _written(self._place(plain)).decode("utf-8", "surrogateescape"))
        else:
            other = chance.choice([str(one) for one in _VALUES])
            fields[at : at + 1] = chance.choice(([], [(name, other)], [(name, value)] * 2, [(name + "x", value)]))
        return urlencode(fields, errors="surrogatepass").encode()

    def _bytes(self, body: bytes) -> bytes:
        chance = self._chance
        changed = bytearray(body or b"\0")
        at = chance.randrange(len(changed))
        match chance.randrange(7):
            case 0:
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                del changed[at : at + chance.choice((1, 2, 30))]
            case 2:
                changed[at:at] = chance.choice(_CONTENTS)
            case 3:
                changed[at:at] = chance.randbytes(chance.randint(1, 8))
            case 4:
                del changed[at:]
            case 5:
                other = chance.choice(self._bodies)
                changed[at:] = other[chance.randrange(len(other) or 1) :]
            case _:
                changed[at:at] = changed[at : at + chance.randint(1, 200)] * chance.choice((1, 1, 50))
        return bytes(changed)


def _read(body: bytes) -> Any:
    """A JSON value, None when it is none, or nothing."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _written(plain: Any) -> bytes:
    try:
        return _RAW.sub(rb"\1", json.dumps(plain).encode())
    except ValueError:  # a number with more digits than the library writes
        return b"9" * 5_000
