"""Small documents are read, verbatim; what breaks parsers is refused at once."""

import time
import timeit

import pytest

from adapters.errors import MalformedPayload
from adapters.wechat.document import DEEPEST, LARGEST, read

BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "'
    + b"a" * 100
    + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(8))
    + b"]><xml><Content>&i;</Content></xml>"
)

HOSTILE = {
    "a billion laughs": BOMB,
    "one entity, long, often": b'<!DOCTYPE x [<!ENTITY a "'
    + b"a" * 30_000
    + b'">]><xml>'
    + b"&a;" * 10_000
    + b"</xml>",
    "a file of ours": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>',
    "an address": b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><xml/>',
    "a parameter entity": b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;]><xml/>',
    "only a doctype": b"<!DOCTYPE xml><xml><Content>hi</Content></xml>",
    "deep": b"<xml>" + b"<a>" * 9_000 + b"</a>" * 9_000 + b"</xml>",
    "deep and open": b"<xml>" + b"<a>" * 20_000,
    "large": b"<xml><Content>" + b"a" * LARGEST + b"</Content></xml>",
    "many attributes": b"<xml " + b" ".join(b'a%d="1"' % n for n in range(5_000)) + b"><",
    "an entity nobody declared": b"<xml>&nobody;</xml>",
    "another root": b"<html><body/></html>",
    "two roots": b"<xml/><xml/>",
    "UTF-16": '<?xml version="1.0" encoding="UTF-16"?><xml/>'.encode("utf-16"),
    "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?><xml>+ADw-a+AD4-</xml>+',
    "no UTF-8": b"<xml>\xff\xfe</xml>",
    "NUL": b"<xml>\0</xml>",
    "nothing": b"",
    "space": b" \n\t",
    "words": b"success",
    "deep JSON": b'{"a":' * 12_000 + b"1" + b"}" * 12_000,
    "deep lists": b'{"a":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "nine levels": b'{"a":' * 9 + b"1" + b"}" * 9,
    "a JSON list": b"[]",
    "a JSON text": b'"hi"',
    "half of JSON": b'{"a": ',
    "not a number": b'{"a": NaN}',
}


@pytest.mark.parametrize("problem", HOSTILE)
def test_hostile_documents_are_refused(problem: str) -> None:
    """Each is malformed, and nothing else."""
    with pytest.raises(MalformedPayload):
        read(HOSTILE[problem])


@pytest.mark.timing
@pytest.mark.parametrize("problem", HOSTILE)
def test_hostile_documents_cost_nothing(problem: str) -> None:
    """None takes 50 ms of the processor, at the best of three tries: what disturbs a measurement only ever adds."""

    def once() -> None:
        with pytest.raises(MalformedPayload):
            read(HOSTILE[problem])

    assert min(timeit.repeat(once, time.process_time, repeat=3, number=1)) < 0.05


def test_as_deep_as_it_may_be() -> None:
    """Control: eight levels are read."""
    tags = "abcdefg"[: DEEPEST - 1]
    body = (
        "<xml>" + "".join(f"<{tag}>" for tag in tags) + "x" + "".join(f"</{tag}>" for tag in reversed(tags)) + "</xml>"
    )
    found: object = read(body.encode())
    for tag in tags:
        assert isinstance(found, dict)
        found = found[tag]
    assert found == "x"


def test_words_are_kept_as_they_are() -> None:
    """Space at the ends, CDATA in pieces, entities: what was said is what is read."""
    body = "<xml><A>  a \n</A><B><![CDATA[x]]]]><![CDATA[>y]]></B><C>1 &lt; 2 &#x4f60;</C><D/></xml>"
    assert read(body.encode()) == {"A": "  a \n", "B": "x]]>y", "C": "1 < 2 你", "D": ""}


def test_a_name_twice_is_several() -> None:
    """Nothing that was said twice is lost."""
    assert read(b"<xml><a>1</a><a>2</a><a><b>3</b></a></xml>") == {"a": ("1", "2", {"b": "3"})}


def test_json_says_the_same() -> None:
    """Numbers become what XML has; nothing is nothing; 64 bits stay exact."""
    body = '{"a": 24012345678901207, "b": 39.9, "c": null, "d": true, "e": {"f": ["x", 1]}, "g": "a\\u0000b"}'
    read_ = read(body.encode())
    assert read_ == {
        "a": "24012345678901207",
        "b": "39.9",
        "c": "",
        "d": "True",
        "e": {"f": ("x", "1")},
        "g": "a\ufffdb",
    }


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\n ", b"\xef\xbb\xbf\r\n"])
def test_a_mark_in_front_is_no_reason(before: bytes) -> None:
    """A byte order mark or a line before the document changes nothing."""
    assert read(before + b"<xml><a>1</a></xml>") == read(before + b'{"a": 1}') == {"a": "1"}
