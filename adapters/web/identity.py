"""Who a contact is, said by the site's own server: a hash of the id, or a signed token with more in it.

A site without ``identity_secret`` may say anything, and nothing of it is proven. One with a secret must prove what it
says. The secret belongs to one inbox: what was signed for another is refused like any forgery.

An id is one person in several inboxes only where an administrator says that they have the same people (``realm``):
another site's user 1001 is somebody else. An e-mail address or a phone number is proven when the token says that the
site has verified it (``email_verified``, ``phone_verified``), as OpenID Connect has it; else the site was only told it.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from adapters.identifier import EMAIL, PHONE, Identifier, Source
from adapters.secret import Secret
from adapters.site import Identity, Unproven
from adapters.visit import Identify

ALGORITHM = "HS256"
LONGEST_LIFE = timedelta(hours=1)
"""A token that leaks is worth nothing after this; one that says it lives longer is refused."""

LEEWAY = timedelta(seconds=60)
"""Clocks of two servers differ."""

LONGEST_VALUE = 500
MOST_ATTRIBUTES = 20
PERSONAL = ("email", "phone", "avatar")


def identify(claim: Identify, secrets: Iterable[Secret], now: datetime, realm: str = "") -> Identity:
    """Who this is, proven by any of the secrets (the present one, and the one before it while it is being changed).

    Raises:
        Unproven: there is a secret and no proof, a proof and no secret, or the proof is wrong.
    """
    keys = [secret.reveal() for secret in secrets if secret]
    if claim.jwt:
        return _by_token(claim, keys, now, realm)
    if claim.hash:
        return _by_hash(claim, keys, realm)
    if keys:
        raise Unproven("this inbox has an identity_secret: identify needs a hash or a jwt")
    said = {**_said(claim), **({"user_id": claim.id} if claim.id else {})}
    return Identity(id=claim.id, is_proven=False, name=claim.name, claims=said)


def hash_of(id: str, secret: str) -> str:
    """The hash that proves an id, as the site's server makes it."""
    return hmac.new(secret.encode(), id.encode(), hashlib.sha256).hexdigest()


def _by_hash(claim: Identify, keys: list[str], realm: str) -> Identity:
    if not claim.id:
        raise Unproven("an id is needed beside its hash")
    given = claim.hash.lower().encode()
    matches = [hmac.compare_digest(hash_of(claim.id, key).encode(), given) for key in keys]
    if not any(matches):
        raise Unproven(f"the hash is not that of this id under the identity_secret of this inbox{_hint(keys)}")
    proven = {"user_id": claim.id}
    return Identity(
        id=claim.id,
        is_proven=True,
        name=claim.name,
        attributes=proven,
        claims=_said(claim),
        identifiers=_of_the_realm(claim.id, realm),
    )


def _by_token(claim: Identify, keys: list[str], now: datetime, realm: str) -> Identity:
    said = _claims(claim.jwt, keys)
    subject = said.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 200:  # noqa: PLR2004  as an id in `Identify`
        raise Unproven("the jwt has no `sub`: the id of the person, a text of at most 200 characters")
    if claim.id and claim.id != subject:
        raise Unproven("the jwt is about somebody else: its `sub` is not the id")
    _check_life(said, now)
    attributes = {key: str(value) for key in PERSONAL if isinstance(value := said.get(key), str) and value}
    attributes |= _more(said.get("attributes"))
    name = said.get("name")
    return Identity(
        id=subject,
        is_proven=True,
        name=name[:120] if isinstance(name, str) else claim.name,
        attributes={**{key: value[:LONGEST_VALUE] for key, value in attributes.items()}, "user_id": subject},
        identifiers=(*_of_the_realm(subject, realm), *_signed(said)),
    )


def _of_the_realm(id: str, realm: str) -> tuple[Identifier, ...]:
    if not realm:
        return ()
    return (Identifier(kind="user_id", value=f"{realm}/{id}", is_verified=True, source=Source.SIGNED),)


def _signed(said: Mapping[str, object]) -> Iterator[Identifier]:
    for kind in (EMAIL, PHONE):
        if isinstance(value := said.get(kind), str) and value:
            is_verified = said.get(f"{kind}_verified") is True
            yield Identifier(kind=kind, value=value[:LONGEST_VALUE], is_verified=is_verified, source=Source.SIGNED)


def _said(claim: Identify) -> dict[str, str]:
    return {key: value for key in PERSONAL if (value := getattr(claim, key))}


def _claims(token: str, keys: list[str]) -> Mapping[str, object]:
    from joserfc import jwt  # noqa: PLC0415  only sites that sign tokens need it
    from joserfc.errors import JoseError  # noqa: PLC0415  as above
    from joserfc.jwk import OctKey  # noqa: PLC0415  as above

    for key in keys:
        try:
            return jwt.decode(token, OctKey.import_key(key), algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):  # its words for another key, another algorithm, or no token at all
            continue
    raise Unproven(f"the jwt is not signed ({ALGORITHM}) with the identity_secret of this inbox{_hint(keys)}")


def _check_life(said: Mapping[str, object], now: datetime) -> None:
    ends, begins = said.get("exp"), said.get("nbf", 0)
    if not _is_instant(ends) or not _is_instant(begins):
        raise Unproven("the jwt has no `exp`: seconds since 1970")
    left = timedelta(seconds=float(ends) - now.timestamp())  # type: ignore[arg-type]  # a number, as just checked
    if left < -LEEWAY:
        raise Unproven("the jwt has expired")
    if left > LONGEST_LIFE + LEEWAY:
        raise Unproven("the jwt lives too long: `exp` may be an hour ahead at most")
    if float(begins) > now.timestamp() + LEEWAY.total_seconds():  # type: ignore[arg-type]  # as above
        raise Unproven("the jwt is not valid yet")


def _is_instant(value: object) -> bool:
    """Whether it is a number that can be an instant."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**40


def _more(given: object) -> dict[str, str]:
    """The attributes of a token; numbers and truth are told as words."""
    if not isinstance(given, dict):
        return {}
    kept = {str(key)[:60]: value for key, value in list(given.items())[:MOST_ATTRIBUTES]}
    return {
        key: value if isinstance(value, str) else str(value).lower()
        for key, value in kept.items()
        if isinstance(value, str | int | float | bool)
    }


def _hint(keys: list[str]) -> str:
    return "" if keys else " (it has none)"
