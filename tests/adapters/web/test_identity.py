"""Who a contact is must be proven: by a hash of the id, or by a signed token."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from adapters.secret import Secret
from adapters.site import Unproven
from adapters.visit import Identify
from adapters.web.identity import hash_of, identify
from adapters.web.settings import WebSettings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PRESENT, FORMER, FOREIGN = "present-secret-of-the-shop", "former-secret-of-the-shop!", "secret-of-another-inbox!!!"
KEYS = (Secret(PRESENT), Secret(FORMER))
SOON = int((NOW + timedelta(minutes=10)).timestamp())


def token(claims: dict[str, Any], key: str = PRESENT, algorithm: str = "HS256") -> str:
    """A token as the site's server makes it."""
    return jwt.encode({"alg": algorithm}, claims, OctKey.import_key(key), algorithms=[algorithm])


@pytest.mark.parametrize("key", [PRESENT, FORMER])
def test_hash_proves_the_id_and_no_more(key: str) -> None:
    """The id is proven by either secret; name and e-mail beside it are only said."""
    claim = Identify(id="user/42", hash=hash_of("user/42", key), name="王芳", email="fang@shop.example")
    known = identify(claim, KEYS, NOW)
    assert (known.id, known.is_proven, known.name, dict(known.attributes)) == (
        "user/42",
        True,
        "王芳",
        {"user_id": "user/42"},
    )


def test_token_proves_what_is_in_it() -> None:
    """Subject, name, and attributes as words; what the page says beside the token does not count."""
    claims = {
        "sub": "42",
        "exp": SOON,
        "name": "王芳",
        "email": "f@shop.example",
        "attributes": {"plan": "gold", "n": 7},
    }
    known = identify(Identify(jwt=token(claims), email="other@evil.example"), KEYS, NOW)
    assert known.is_proven
    assert (known.id, known.name) == ("42", "王芳")
    assert known.attributes == {"user_id": "42", "email": "f@shop.example", "plan": "gold", "n": "7"}


def test_without_a_secret_nothing_is_proven() -> None:
    """A site that cannot sign may say who it is, and it stays a claim."""
    known = identify(Identify(id="42", name="王芳", email="f@shop.example"), (Secret(""),), NOW)
    assert (known.is_proven, known.attributes) == (False, {})
    assert known.claims == {"email": "f@shop.example", "user_id": "42"}


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(Identify(id="42"), id="no proof"),
        pytest.param(Identify(id="42", hash="0" * 64), id="wrong hash"),
        pytest.param(Identify(id="42", hash=hash_of("43", PRESENT)), id="hash of another id"),
        pytest.param(Identify(id="42", hash=hash_of("42", FOREIGN)), id="hash of another inbox"),
        pytest.param(Identify(id="42", hash=hash_of("42", PRESENT)[:-1]), id="hash cut short"),
        pytest.param(Identify(hash=hash_of("", PRESENT)), id="hash of nobody"),
        pytest.param(Identify(id="42", hash="ß" * 64), id="hash of strange letters"),
        pytest.param(Identify(jwt="not.a.token"), id="no token"),
        pytest.param(Identify(jwt=token({"sub": "42", "exp": SOON}, FOREIGN)), id="token of another inbox"),
        pytest.param(Identify(jwt=token({"sub": "42", "exp": SOON - 3_600})), id="expired"),
        pytest.param(Identify(jwt=token({"sub": "42", "exp": SOON + 3_600})), id="lives too long"),
        pytest.param(Identify(jwt=token({"sub": "42"})), id="lives for ever"),
        pytest.param(Identify(jwt=token({"sub": "42", "exp": "soon"})), id="no instant"),
        pytest.param(Identify(jwt=token({"sub": "42", "exp": SOON, "nbf": SOON})), id="not yet"),
        pytest.param(Identify(jwt=token({"exp": SOON})), id="about nobody"),
        pytest.param(Identify(jwt=token({"sub": 42, "exp": SOON})), id="subject is no text"),
        pytest.param(Identify(id="43", jwt=token({"sub": "42", "exp": SOON})), id="about somebody else"),
        pytest.param(Identify(jwt=token({"sub": "42", "exp": SOON}, PRESENT * 2, "HS512")), id="another algorithm"),
        pytest.param(Identify(jwt="eyJhbGciOiJub25lIn0.eyJzdWIiOiI0MiIsImV4cCI6MTc5NTM0OTQwMH0."), id="unsigned token"),
    ],
)
def test_forgeries_are_refused(claim: Identify) -> None:
    """Whatever cannot be proven is refused, in words for the site's developers that hold no secret."""
    with pytest.raises(Unproven) as refused:
        identify(claim, KEYS, NOW)
    assert not any(secret in str(refused.value) for secret in (PRESENT, FORMER))


def test_proof_without_a_secret_is_refused() -> None:
    """An inbox without a secret cannot check anything, and says so."""
    with pytest.raises(Unproven, match="it has none"):
        identify(Identify(id="42", hash=hash_of("42", "")), (Secret(""),), NOW)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"identity_secret": Secret("short")}, id="short secret"),
        pytest.param({"files": ("pdf",)}, id="a kind of file that is none"),
        pytest.param({"accent": "red"}, id="no colour"),
        pytest.param({"accent": "#ffee00"}, id="illegible colour"),
    ],
)
def test_settings_that_cannot_work_are_refused(given: dict[str, Any]) -> None:
    """The administrator learns it from `check`, not from the customers."""
    with pytest.raises(ValueError, match=r"\w"):
        WebSettings(**given)


@pytest.mark.parametrize(("realm", "found"), [("", ()), ("shop", (("user_id", "shop/42", True),))])
def test_an_id_counts_elsewhere_only_in_its_realm(realm: str, found: tuple[tuple[str, str, bool], ...]) -> None:
    """A proven id is one person in other inboxes where an administrator says so, and nowhere else."""
    claim = Identify(id="42", hash=hash_of("42", PRESENT))
    identity = identify(claim, KEYS, NOW, realm)
    assert tuple((each.kind, each.value, each.is_verified) for each in identity.identifiers) == found


@pytest.mark.parametrize("vouched", [True, False, "true", None])
def test_a_signed_address_is_verified_when_the_site_says_so(vouched: object) -> None:
    """A signed e-mail address was only told to the site, unless the token says that the site has verified it."""
    signed = token({"sub": "42", "exp": SOON, "email": "ann@example.com", "email_verified": vouched})
    identity = identify(Identify(jwt=signed), KEYS, NOW)
    assert [(each.kind, each.is_verified) for each in identity.identifiers] == [("email", vouched is True)]
