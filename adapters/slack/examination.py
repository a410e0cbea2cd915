"""What is wrong with an app's set-up: asked of the platform, said in words with what to do. Changes nothing."""

from collections.abc import Sequence

from adapters.errors import Ambiguous, ChannelBroken, DeliveryError, NotConnected, Throttled
from adapters.finding import Finding, Severity
from adapters.slack.client import SessionClient, judged
from adapters.slack.installing import SCOPES
from adapters.slack.settings import Mode, SlackSettings

_PAGE = "api.slack.com/apps"


class Examination:
    """One app's tokens, scopes and addresses."""

    def __init__(self, client: SessionClient, settings: SlackSettings) -> None:
        self._client = client
        self._settings = settings

    async def findings(self, webhook_url: str) -> Sequence[Finding]:
        """All that was looked at; ``webhook_url`` is where the platform should call us, empty when it cannot."""
        found = [*await self._token()]
        if self._settings.mode is Mode.SOCKET:
            found.append(await self._socket())
        else:
            found += self._address(webhook_url)
        return found

    async def _token(self) -> Sequence[Finding]:
        token = self._settings.bot_token.reveal()
        if not token and self._settings.is_installable:
            return [Finding(severity=Severity.OK, what="workspaces install the app through us")]
        if not token:
            return [_error("there is no token", "set bot_token, or client_id and client_secret")]
        try:
            answer = await judged(self._client.auth_test(token=token), token)
        except DeliveryError as error:
            return [_failed(error, "the token is refused", f"install the app again at {_PAGE}, use its token")]
        who = f"the token is {answer.get('user')}'s in {answer.get('team')}"
        given = {scope.strip() for scope in answer.headers.get("X-OAuth-Scopes", "").split(",")}
        missing = [scope for scope in SCOPES if scope not in given]
        found = [Finding(severity=Severity.OK, what=who)]
        if missing:
            what = f"scopes are missing: {', '.join(missing)}"
            advice = f"add them under OAuth & Permissions at {_PAGE}, and install the app again"
            found.append(Finding(severity=Severity.WARNING, what=what, advice=advice))
        return found

    async def _socket(self) -> Finding:
        token = self._settings.app_token.reveal()
        try:
            await judged(self._client.apps_connections_open(app_token=token), token)
        except DeliveryError as error:
            advice = f"turn Socket Mode on at {_PAGE}, and use an app-level token with connections:write"
            return _failed(error, "no socket is opened", advice)
        return Finding(severity=Severity.OK, what="a socket can be opened")

    def _address(self, webhook_url: str) -> Sequence[Finding]:
        found = []
        if not self._settings.signing_secret:
            found.append(_error("there is no signing secret: every call is refused", f"copy it from {_PAGE}"))
        if not webhook_url:
            found.append(_error("the platform cannot call us", "run with --public-url, or use mode: socket"))
        elif not webhook_url.startswith("https://"):
            what = f"{webhook_url} is no HTTPS address"
            found.append(
                Finding(severity=Severity.WARNING, what=what, advice="the platform calls HTTPS addresses only")
            )
        else:
            what = f"the address for events, buttons and commands is {webhook_url}"
            found.append(Finding(severity=Severity.OK, what=what))
        return found


def _failed(error: DeliveryError, what: str, advice: str) -> Finding:
    """What a call that failed says of the set-up: nothing, when the platform did not speak of it."""
    match error:
        case ChannelBroken(reason="redirected" | "bad_address" | "no_such_address"):
            return _error(f"the platform's address is wrong: {error.reason}", "look at api_base")
        case NotConnected():
            advice = "look at api_base, at the machine's network, and at what may leave it"
            return _error("the platform is not reached", advice)
        case Ambiguous() | Throttled():
            what = f"the platform gave no useful answer: {error.reason}"
            return Finding(severity=Severity.WARNING, what=what, advice="try again in a minute")
        case _:
            return _error(f"{what}: {error.reason}", advice)


def _error(what: str, advice: str) -> Finding:
    return Finding(severity=Severity.ERROR, what=what, advice=advice)
