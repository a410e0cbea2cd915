"""Who is let in: by site, by number, by speed."""

import pytest
from aiohttp.test_utils import make_mocked_request

from gateway.realtime.bucket import Bucket
from gateway.realtime.doorkeeper import OURSELVES, Doorkeeper, is_welcome, place_of

HOME = "203.0.113.7"


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://chat.example", True),
        ("http://chat.example", True),
        ("https://shop.example", True),
        ("https://SHOP.example", True),
        ("http://shop.example", False),
        ("https://shop.example:8443", False),
        ("https://www.shop.example", False),
        ("https://shop.example.evil.example", False),
        ("https://evil.example/https://shop.example", False),
        ("null", False),
        ("", False),
        (None, False),
    ],
)
def test_welcome_sites(origin: str | None, *, expected: bool) -> None:
    """Our own site and those named are welcome, letter for letter; what does not say where it is from is not."""
    headers = {"Host": "chat.example", **({} if origin is None else {"Origin": origin})}
    request = make_mocked_request("GET", "/widget/website/ws", headers=headers)
    assert is_welcome(request, ("https://shop.example/",)) is expected


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.114.9", "", "203.0.114.9"),
        ("1.1.1.1", "8.8.8.8", "1.1.1.1"),
        ("127.0.0.1", "", OURSELVES),
        ("::1", "", OURSELVES),
        ("127.0.0.1", "8.8.8.8", "8.8.8.8"),
        ("127.0.0.1", "6.6.6.6, 8.8.8.8", "8.8.8.8"),
        ("172.18.0.2", "8.8.8.8", "8.8.8.8"),
        ("172.18.0.2", "", "172.18.0.2"),
    ],
)
def test_place_of_a_request(peer: str, forwarded: str, expected: str) -> None:
    """A proxy beside us is believed in its last word; anybody else is what the connection says."""
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = make_mocked_request("GET", "/", headers=headers).clone(remote=peer)
    assert place_of(request) == expected


def test_one_place_has_its_share() -> None:
    """One place may not take what is there for all, and gives back what it leaves."""
    door = Doorkeeper(most_lines=3, most_per_ip=2)
    assert [door.admit(HOME, 0.0) for _ in range(3)] == [True, True, False]
    assert door.admit("198.51.100.1", 0.0)
    assert not door.admit("198.51.100.2", 0.0)
    door.dismiss(HOME)
    assert door.admit("198.51.100.2", 0.0)


def test_one_place_may_not_hurry() -> None:
    """A hundred attempts at once, then five a second."""
    door = Doorkeeper()
    assert sum(door.may_try(HOME, 0.0) for _ in range(200)) == 100
    assert sum(door.may_try(HOME, 1.0) for _ in range(200)) == 5


def test_bucket_fills_up_again() -> None:
    """It never holds more than its burst, and knows when it is full."""
    bucket = Bucket(rate=1, burst=2, at=0.0)
    assert bucket.take(0.0, 2)
    assert not bucket.is_full(1.0)
    assert not bucket.take(1.0, 2)
    assert bucket.is_full(100.0)
    assert bucket.take(100.0, 2)
    assert not bucket.take(100.0)
