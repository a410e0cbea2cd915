"""What is wrong with a bot's set-up, in words: asks the platform who the bot is and what became of its webhook.

Facts: core.telegram.org/bots/webhooks (ports, the platform's addresses) and #getwebhookinfo.
"""

from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlsplit

import msgspec

from adapters.errors import ChannelBroken, DeliveryError, NotConnected
from adapters.finding import Finding, Severity
from adapters.telegram.deliver import judged
from adapters.telegram.parse import KINDS
from adapters.telegram.request import SessionRequest
from adapters.telegram.salvage import UNREADABLE
from adapters.telegram.settings import PLATFORM, Mode, TelegramSettings

PORTS: Final = frozenset({443, 80, 88, 8443})
MANY_WAIT: Final = 100
ADDRESSES: Final = "149.154.160.0/20 and 91.108.4.0/22"

_TROUBLES: Final = (
    ("401", "another program has set a webhook with another secret: restart the service, it sets its own"),
    ("403", f"something in front of the service refuses the platform: let in {ADDRESSES}"),
    ("404", "the address leads past the service, or to another inbox: look at --public-url and at the proxy"),
    ("certificate", "the certificate is not trusted or not for this name: renew it with its whole chain"),
    ("ssl", "the certificate is not trusted or not for this name: renew it with its whole chain"),
    ("refused", f"nothing listens there, or a firewall is in the way: let in {ADDRESSES}"),
    ("timed out", f"nothing answers there, or a firewall is in the way: let in {ADDRESSES}"),
    ("resolve", "the name in --public-url is not known to the world"),
    ("50", "the service could not store what came, or a proxy could not reach it: look at its log"),
)
"""What the platform's last error says, in lower case, and what to do; the first that fits."""


class _Bot(msgspec.Struct, frozen=True):
    username: str = ""


class _Hook(msgspec.Struct, frozen=True):
    url: str = ""
    pending_update_count: int = 0
    last_error_message: str = ""
    allowed_updates: tuple[str, ...] = ()


class _FoundBot(msgspec.Struct, frozen=True):
    result: _Bot


class _FoundHook(msgspec.Struct, frozen=True):
    result: _Hook


async def examine(request: SessionRequest, settings: TelegramSettings, webhook_url: str) -> AsyncIterator[Finding]:
    """Look at the token, the secret, the address and what the platform says of them; changes nothing."""
    try:
        bot = msgspec.json.decode(await judged(request.call("getMe", {})), type=_FoundBot).result
        hook = msgspec.json.decode(await judged(request.call("getWebhookInfo", {})), type=_FoundHook).result
    except DeliveryError as error:
        yield _unreachable(error)
        return
    except UNREADABLE:
        yield _error("the platform's answer is not readable", "is api_base the address of a Bot API server?")
        return
    yield _ok(f"the token is @{bot.username}'s")
    if settings.mode is Mode.POLLING:
        yield (
            _warning("a webhook is set", "starting the service removes it; if it comes back, another program sets it")
            if hook.url
            else _ok("no webhook is in the way of asking")
        )
        return
    for finding in (*own_address(settings, webhook_url), *_hook(hook, webhook_url)):
        yield finding


def _unreachable(error: DeliveryError) -> Finding:
    match error:
        case ChannelBroken(reason="token_refused"):
            return _error("the platform refuses the token", "ask @BotFather for the bot's token, and put it in")
        case ChannelBroken():
            return _error(f"the platform's address is wrong: {error.reason}", "look at api_base")
        case NotConnected():
            return _error(
                "the platform is not reached", "look at api_base, at the machine's network, and at what may leave it"
            )
        case _:
            return _warning(f"the platform gave no useful answer: {error.reason}", "try again in a minute")


def own_address(settings: TelegramSettings, webhook_url: str) -> list[Finding]:
    """Whether the platform could call us there at all."""
    found: list[Finding] = []
    if not settings.secret.reveal():
        found.append(_error("the inbox has no secret: every call is refused", "set `secret` (openssl rand -hex 32)"))
    if not webhook_url:
        found.append(_warning("no public address is known", "run with --public-url, or set `mode: polling`"))
        return found
    parts = urlsplit(webhook_url)
    if settings.api_base.rstrip("/") == PLATFORM:
        if parts.scheme != "https":
            found.append(_error(f"{webhook_url} is not HTTPS", "the platform calls https:// addresses only"))
        elif (parts.port or 443) not in PORTS:
            ports = ", ".join(str(port) for port in sorted(PORTS))
            found.append(_error(f"the platform does not call port {parts.port}", f"it calls {ports}"))
    return found


def _hook(hook: _Hook, webhook_url: str) -> list[Finding]:
    """What the platform knows and says of the webhook."""
    if not hook.url:
        return [_warning("no webhook is set", "start the service: it sets it")]
    found: list[Finding] = []
    if not webhook_url or hook.url == webhook_url:
        found.append(_ok(f"the platform calls {hook.url}"))
    else:
        found.append(
            _error(
                f"the platform calls {hook.url} and not {webhook_url}",
                "restart the service; if it changes back, another program uses this bot",
            )
        )
    if missing := sorted(set(KINDS) - set(hook.allowed_updates)):
        found.append(_warning(f"the platform does not send: {', '.join(missing)}", "restart the service"))
    if hook.pending_update_count > MANY_WAIT:
        found.append(
            _warning(f"{hook.pending_update_count} updates wait", "see what keeps the service from taking them")
        )
    if words := hook.last_error_message:
        advice = next((advice for part, advice in _TROUBLES if part in words.lower()), "look at the service's log")
        found.append(_warning(f"the last call that failed: {words}", advice))
    return found


def _ok(what: str) -> Finding:
    return Finding(severity=Severity.OK, what=what)


def _warning(what: str, advice: str) -> Finding:
    return Finding(severity=Severity.WARNING, what=what, advice=advice)


def _error(what: str, advice: str) -> Finding:
    return Finding(severity=Severity.ERROR, what=what, advice=advice)
