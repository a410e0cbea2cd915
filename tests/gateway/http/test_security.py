"""The headers that every answer carries: a snapshot, so that losing one is noticed."""

import re

import pytest

from gateway.http.static import WEB, import_map_hashes
from tests.gateway.http.office import Office

NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/me",
        "/api/v1/openapi.json",
        "/api/v1/nowhere",
        "/nowhere",
        "/-/live",
        "/-/ready",
        "/-/metrics",
        "/-/version",
        "/hooks/none",
        "/media/none",
        "/web/shared/tokens.css",
        "/web/vendor/preact.mjs",
        "/web/vendor/../../store/schema.py",
        "/web/vendor/%2e%2e/%2e%2e/app.py",
    ],
)
async def test_what_is_no_page(office: Office, path: str) -> None:
    """What is no page may load nothing, and nobody may frame it; the server does not say what it is."""
    async with office.session.get(f"{office.url}{path}") as answer:
        assert answer.status < 500
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
        assert answer.headers["Content-Security-Policy"] == NOTHING
        assert "Python" not in answer.headers.get("Server", "")


@pytest.mark.parametrize("path", ["/api", "/admin", "/desk"])
async def test_a_page_without_its_slash(office: Office, path: str) -> None:
    """Who leaves the slash out is shown the way."""
    async with office.session.get(f"{office.url}{path}", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, f"{path}/")


@pytest.mark.parametrize("path", ["/api/", "/admin/", "/desk/", "/desk/c/cnv_1"])
async def test_pages(office: Office, path: str) -> None:
    """A page runs scripts from here only, never inline ones, and nobody may frame it."""
    async with office.session.get(f"{office.url}{path}") as answer:
        assert answer.status == 200
        policy = dict(piece.split(" ", 1) for piece in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["frame-ancestors"] == "'none'"
        assert policy["script-src"].startswith("'self'")
        assert "unsafe" not in str(policy)
        hashes = [f"'{found}'" for found in import_map_hashes(await answer.text())]
        assert policy["script-src"].split()[1:] == hashes
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS


@pytest.mark.parametrize("page", sorted(WEB.rglob("*.html")), ids=lambda path: str(path.relative_to(WEB)))
def test_pages_have_nothing_inline(page: object) -> None:
    """No page has an inline script but its import map, an inline style, or a handler in an attribute."""
    html = page.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", html, re.DOTALL)
    assert all(not body.strip() or "importmap" in attributes for attributes, body in scripts)
    assert not re.search(r"<style\b|\sstyle=|\son\w+=|javascript:", html)


async def test_a_file_that_has_not_changed(office: Office) -> None:
    """A file comes with a tag; asked again with it, the answer is short."""
    url = f"{office.url}/web/shared/tokens.css"
    async with office.session.get(url) as first:
        tag = first.headers["ETag"]
        assert first.content_type == "text/css"
    async with office.session.get(url, headers={"If-None-Match": tag}) as second:
        assert (second.status, await second.read()) == (304, b"")
