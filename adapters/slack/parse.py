"""What a call means: pure and total.

JSON is an event, a form is something pressed or a slash command. Each instance of something said has one delivery
key, made of installation, channel and time stamp: a mention arrives as ``message`` and as ``app_mention``, in either
order, and has one effect. A header that says "this is a retry" changes nothing: after a restart the retry is the
first copy that we see.
"""

from collections.abc import Callable

import msgspec

from adapters.contract import Errand, Parsed
from adapters.errors import MalformedPayload
from adapters.nul import without_nul
from adapters.slack.form import parse_form
from adapters.slack.happening import Installation, heard
from adapters.slack.reaction import reacted
from adapters.slack.reading import read
from adapters.slack.signature import is_ssl_check
from adapters.slack.wire import Envelope, Kind
from adapters.wire import WebhookReply

Ended = Callable[[str], Errand]

_ENVELOPES = msgspec.json.Decoder(Envelope)
_KINDS = msgspec.json.Decoder(Kind)
_SPOKEN = frozenset({"message", "app_mention"})
_REACTIONS = {"reaction_added": False, "reaction_removed": True}


def parse(body: bytes, ended: Ended | None = None) -> Parsed:
    """What one call means; ``ended`` makes the errand for an installation that is over.

    Raises:
        MalformedPayload: the bytes are not what the platform sends, or nothing in them says whose it is.
    """
    if is_ssl_check(body):
        return Parsed(reason="the platform looks at our certificate")
    if body.lstrip()[:1] in {b"{", b"["}:
        return parse_envelope(without_nul(body), ended)
    return parse_form(body)


def parse_envelope(body: bytes, ended: Ended | None = None) -> Parsed:
    """What an event's delivery means; over a socket it comes without a call around it.

    Raises:
        MalformedPayload: it is no envelope.
    """
    envelope, _ = read(body, _ENVELOPES, Envelope)
    match envelope.type:
        case "event_callback":
            return _event(envelope, ended)
        case "url_verification":
            reply = WebhookReply(body=envelope.challenge.encode("utf-8", "replace"))
            return Parsed(reason="the platform checks our address", reply=reply)
        case "app_rate_limited":
            return Parsed(reason="the platform holds back events: more than 30,000 in an hour")
        case "":
            raise MalformedPayload("no type")
        case _:
            return Parsed(reason=f"unknown call {envelope.type[:64]!r}")


def _event(envelope: Envelope, ended: Ended | None) -> Parsed:
    kind, _ = read(envelope.event, _KINDS, Kind)
    if not kind.type:
        raise MalformedPayload("an event without a type")
    if kind.type in _SPOKEN:
        return heard(envelope.event, _installation(envelope), is_mention=kind.type == "app_mention")
    if kind.type in _REACTIONS:
        return reacted(envelope.event, _installation(envelope), is_taken_back=_REACTIONS[kind.type])
    if kind.type == "app_uninstalled" or (kind.type == "tokens_revoked" and kind.tokens.bot):
        key = _installation(envelope).key
        errand = ended(key) if ended is not None and key else None
        return Parsed(reason=f"{kind.type}: the installation in {key[:32]} is over", errand=errand)
    return Parsed(reason=f"{kind.type[:64]}: nothing was said")


def _installation(envelope: Envelope) -> Installation:
    """Whose token answers. The first authorization decides: in shared channels the envelope names the other side."""
    for authorization in envelope.authorizations or ():
        key = authorization.enterprise_id if authorization.is_enterprise_install else authorization.team_id
        us = authorization.user_id if authorization.is_bot else None
        if key or authorization.enterprise_id:
            return Installation(key=key or authorization.enterprise_id or "", us=us or "")
    return Installation(key=envelope.team_id or envelope.enterprise_id or "")
