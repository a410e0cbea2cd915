"""Headers that every answer carries, so that a browser takes the least from us that it must.

Pages may run scripts from here only, never inline ones; an import map is allowed by its hash. Nobody may frame the
desk; who may frame the widget is its inbox's setting, and its page says so itself.
"""

from collections.abc import Iterable, Mapping

from aiohttp import web

POWERS = ("camera", "geolocation", "microphone", "payment", "usb")
"""What a page of ours may not ask a person for, unless it says so itself."""


def permissions(*own: str) -> str:
    """The permissions policy of a page of ours that may ask for these powers, and let our frames in it."""
    return ", ".join(f"{power}=({'self' if power in own else ''})" for power in POWERS)


ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": permissions(),
}

NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For what is no page: JSON, problems, webhooks."""


EVERYWHERE: Mapping[str, str] = {**ALWAYS, "Content-Security-Policy": NOTHING}
"""What an answer carries unless it says otherwise itself."""


def page_policy(*, script_hashes: Iterable[str] = (), frame_ancestors: str = "'none'", frames: str = "'none'") -> str:
    """The content policy of one of our pages. ``script_hashes`` allow its import map (``sha256-…``)."""
    hashes = "".join(f" '{found}'" for found in script_hashes)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self'{hashes}",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            f"frame-src {frames}",
            f"frame-ancestors {frame_ancestors}",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )


async def secured(request: web.Request, response: web.StreamResponse) -> None:
    """Add what is missing of the headers that every answer carries, just before it leaves."""
    for name, value in EVERYWHERE.items():
        response.headers.setdefault(name, value)
    response.headers.pop("Server", None)
