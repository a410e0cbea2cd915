"""What is wrong with a widget's set-up: sites that could never match, and pages that could not load it."""

import re
from collections.abc import Iterator

from adapters.finding import Finding, Severity
from adapters.web.settings import WebSettings

_ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::[0-9]{1,5})?\Z")
_USUAL_PORTS = {"https://": ":443", "http://": ":80"}


def examine(settings: WebSettings, webhook_url: str) -> Iterator[Finding]:
    """The findings. The widget is loaded from where the service is reached: ``webhook_url`` without its path."""
    scheme, _, rest = webhook_url.partition("://")
    yield from _sites(settings, f"{scheme}://{rest.partition('/')[0]}" if rest else "")
    if settings.identity_secret:
        yield _ok("contacts are who their site's server signs that they are")
    else:
        yield _ok("what a page says of its contacts is shown as said, not proven: there is no identity_secret")


def _sites(settings: WebSettings, home: str) -> Iterator[Finding]:
    if not settings.origins:
        yield _ok("only our own pages may show the widget: origins names no site")
    for origin in settings.origins:
        if (advice := _never_matches(origin)) is not None:
            yield Finding(severity=Severity.ERROR, what=f"no page is ever of the site {origin!r}", advice=advice)
        elif origin.lower().startswith("https://") and home.startswith("http://"):
            what = f"browsers load nothing from {home} into pages of {origin}"
            advice = "serve Pointsman by HTTPS, and say so with --public-url"
            yield Finding(severity=Severity.ERROR, what=what, advice=advice)
        else:
            yield _ok(f"pages of {origin} may show the widget")


def _never_matches(origin: str) -> str | None:
    """What to write instead of what no browser states as a page's origin (RFC 6454 §6.1); None when one may."""
    plain = origin.lower().rstrip("/")
    if not _ORIGIN.match(plain):
        return "write it as browsers state it: https://shop.example, without a path, and each subdomain by itself"
    scheme = plain[: plain.index("://") + 3]
    if plain.endswith(_USUAL_PORTS[scheme]):
        return f"leave out {_USUAL_PORTS[scheme]}: browsers do not state it"
    return None


def _ok(what: str) -> Finding:
    return Finding(severity=Severity.OK, what=what)
