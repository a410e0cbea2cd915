"""What keeps a widget from being shown is found before a customer misses it."""

from dataclasses import replace

import pytest

from adapters.contract import Examined
from adapters.finding import Finding, Severity
from adapters.secret import Secret
from adapters.web.adapter import WebAdapter
from adapters.web.settings import WebSettings
from router.ids import InboxId
from tests.adapters.bench import pure_tools
from tests.adapters.web.bench import BENCH

HOME = "https://chat.shop.example/hooks/website"


async def found(settings: WebSettings, address: str = HOME) -> list[Finding]:
    """The findings; each that is not well says what to do."""
    adapter = WebAdapter(inbox=InboxId("website"), settings=settings, push=pure_tools().push)
    assert isinstance(adapter, Examined)
    findings = list(await adapter.examine(address))
    assert all(bool(one.advice) is (one.severity is not Severity.OK) for one in findings)
    assert not any(secret in repr(findings) for secret in BENCH.secrets())
    return findings


async def test_all_is_well() -> None:
    """A widget for one site has nothing to complain of, and says whose pages may show it; nor has one for none."""
    findings = await found(BENCH.settings())
    assert {one.severity for one in findings} == {Severity.OK}
    assert "pages of https://shop.example may show the widget" in [one.what for one in findings]
    assert {one.severity for one in await found(WebSettings(), "")} == {Severity.OK}


@pytest.mark.parametrize(
    ("origin", "advice"),
    [
        ("shop.example", "as browsers state it"),
        ("*", "as browsers state it"),
        ("https://*.shop.example", "as browsers state it"),
        ("https://shop.example/visa", "without a path"),
        ("//shop.example", "as browsers state it"),
        ("https://user@shop.example", "as browsers state it"),
        ("https://shop.example:443", "leave out :443"),
        ("http://shop.example:80/", "leave out :80"),
        ("null", "as browsers state it"),
        ("", "as browsers state it"),
    ],
)
async def test_sites_that_never_match(origin: str, advice: str) -> None:
    """What no browser ever states as a page's origin is an error, with how to write it."""
    (wrong,) = [one for one in await found(WebSettings(origins=(origin,))) if one.severity is Severity.ERROR]
    assert repr(origin) in wrong.what
    assert advice in wrong.advice


@pytest.mark.parametrize("origin", ["https://Shop.example/", "http://localhost:3000", "https://[::1]:8443"])
async def test_sites_that_match(origin: str) -> None:
    """Capitals, a slash at the end, ports of one's own: all of these are found in a browser's words."""
    assert {one.severity for one in await found(WebSettings(origins=(origin,)))} == {Severity.OK}


async def test_a_secure_page_loads_nothing_insecure() -> None:
    """A widget that comes by HTTP cannot be shown on a page that came by HTTPS."""
    findings = await found(BENCH.settings(), "http://chat.shop.example/hooks/website")
    (wrong,) = [one for one in findings if one.severity is Severity.ERROR]
    assert "http://chat.shop.example" in wrong.what
    assert "hooks" not in wrong.what


async def test_who_contacts_are() -> None:
    """Without a secret nothing that pages say is proven: worth knowing, and no fault."""
    findings = await found(replace(BENCH.settings(), identity_secret=Secret(""), previous_identity_secret=Secret("")))
    assert any("not proven" in one.what for one in findings)
