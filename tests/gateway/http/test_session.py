"""Sessions: logging in and out, guessing, invitations, and what another site can make a browser do."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from gateway.http.passwords import Passwords, hash_now
from gateway.http.sessions import FREE_FAILURES
from gateway.store.accounts import Account, account, save_account, token_hash
from gateway.store.schema import sessions
from skills.ids import AgentId
from tests.gateway.http.office import Office

PASSWORD = "correct horse"
HASH = hash_now(PASSWORD)


async def log_in(office: Office, login: str, password: str) -> tuple[int, dict[str, object], str]:
    """The status, the answer and the cookie of one attempt."""
    body = {"login": login, "password": password}
    async with office.session.post(f"{office.url}/api/v1/sessions", json=body) as answer:
        cookie = answer.headers.get("Set-Cookie", "")
        return answer.status, await answer.json(content_type=None), cookie


async def test_log_in_and_out(office: Office) -> None:
    """The right password opens a session, of which only a hash is stored; logging out ends it."""
    await office.set_password("li.na", HASH)
    status, answer, cookie = await log_in(office, "li.na", PASSWORD)
    assert status == 200
    assert answer["agent"]["id"] == "li.na"  # type: ignore[index]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    token = str(answer["token"])
    stored = await office.tools.store.read(lambda c: c.execute(select(sessions.c.token_hash)).scalars().all())
    assert stored == [token_hash(token)]
    assert token not in stored
    bearer = {"Authorization": f"Bearer {token}"}
    async with office.session.delete(f"{office.url}/api/v1/sessions/current", headers=bearer) as out:
        assert out.status == 204
    async with office.session.get(f"{office.url}/api/v1/me", headers=bearer) as me:
        assert me.status == 401


async def test_nothing_tells_logins_apart(office: Office) -> None:
    """A wrong password, an agent without one and a login that does not exist get the same answer."""
    await office.set_password("li.na", HASH)
    answers = [await log_in(office, login, "wrong") for login in ("li.na", "wang.fang", "nobody", "x' OR 1=1")]
    assert {status for status, _, _ in answers} == {401}
    assert len({str(answer) for _, answer, _ in answers}) == 1


@pytest.mark.parametrize("login", ["li.na", "nobody"])
async def test_guessing_is_slowed_down(office: Office, login: str) -> None:
    """After a few failures the login is locked, existing or not: for a second, and each time for twice as long."""
    await office.set_password("li.na", HASH)
    statuses = [(await log_in(office, login, "guess"))[0] for _ in range(FREE_FAILURES)]
    assert set(statuses) == {401}
    while (status := (await log_in(office, login, "guess"))[0]) == 401:
        pass  # it took us longer than the lock lasts
    assert status == 429


async def test_guesses_at_the_same_time_are_all_counted(office: Office) -> None:
    """Who guesses with many hands is locked out as one who guesses with one."""
    await office.set_password("li.na", HASH)
    await asyncio.gather(*(log_in(office, "li.na", "guess") for _ in range(FREE_FAILURES)))
    stored = await office.tools.store.read(lambda c: account(c, AgentId("li.na")))
    assert stored.failures == FREE_FAILURES
    assert stored.locked_until is not None


async def test_what_is_locked_does_not_open(office: Office) -> None:
    """While a login is locked even the right password waits."""
    until = office.tools.clock.now() + timedelta(minutes=5)
    locked = Account(agent=AgentId("li.na"), password_hash=HASH, failures=9, locked_until=until)
    await office.tools.store.write(lambda c: save_account(c, locked))
    assert (await log_in(office, "li.na", PASSWORD))[0] == 429


async def test_a_new_password_while_the_former_is_checked(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The former password opens nothing any more, and does not come back."""
    await office.set_password("li.na", HASH)
    matches = Passwords.matches

    async def slowly(passwords: Passwords, stored: str, password: str) -> bool:
        is_right = await matches(passwords, stored, password)
        await office.set_password("li.na", hash_now("another horse"))
        return is_right

    with monkeypatch.context() as patch:
        patch.setattr(Passwords, "matches", slowly)
        assert (await log_in(office, "li.na", PASSWORD))[0] == 401
    assert (await log_in(office, "li.na", "another horse"))[0] == 200


async def test_the_lock_opens_again(office: Office) -> None:
    """When the time is over the right password works, and the failures are forgotten."""
    now = office.tools.clock.now()
    locked = Account(
        agent=AgentId("li.na"), password_hash=HASH, failures=9, locked_until=now - timedelta(milliseconds=1)
    )
    await office.tools.store.write(lambda c: save_account(c, locked))
    assert (await log_in(office, "li.na", PASSWORD))[0] == 200
    after = await office.tools.store.read(lambda c: account(c, AgentId("li.na")))
    assert (after.failures, after.locked_until) == (0, None)


async def test_an_invitation(office: Office) -> None:
    """An invitation sets the first password, logs in, and works once."""
    invited = Account(
        agent=AgentId("li.na"),
        invitation_hash=token_hash("invited"),
        invited_until=office.tools.clock.now() + timedelta(days=1),
    )
    await office.tools.store.write(lambda c: save_account(c, invited))
    url = f"{office.url}/api/v1/invitations"
    async with office.session.post(url, json={"token": "invited", "password": "short"}) as answer:
        assert answer.status == 422
    async with office.session.post(url, json={"token": "invited", "password": PASSWORD}) as answer:
        assert answer.status == 200
    async with office.session.post(url, json={"token": "invited", "password": PASSWORD}) as answer:
        assert answer.status == 401
    assert (await log_in(office, "li.na", PASSWORD))[0] == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ],
)
async def test_forged_by_another_site(office: Office, headers: dict[str, str], status: int) -> None:
    """What another site makes a browser send with its cookie is refused."""
    li_na = await office.person("li.na")
    cookie = {"Cookie": f"pointsman_session={li_na.token}"}
    url, body = f"{office.url}/api/v1/me/presence", {"intent": "ready"}
    async with office.session.put(url, json=body, headers={**cookie, **headers}) as answer:
        assert answer.status == status


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Basic bGkubmE6eA==", "Bearer " + "a" * 5000])
async def test_tokens_that_are_none(office: Office, header: str) -> None:
    """A token that nobody was given opens nothing."""
    async with office.session.get(f"{office.url}/api/v1/me", headers={"Authorization": header}) as answer:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_an_agent_who_left_the_file(office: Office) -> None:
    """A session of somebody who is not in the files any more opens nothing."""
    ghost = await office.person("ghost")
    await ghost.call("GET", "/me")
    assert ghost.status == 401


async def test_one_address_does_not_get_all_the_threads(office: Office) -> None:
    """Attempts from one address, whatever the logins, are slowed down; those from another go on."""
    url = f"{office.url}/api/v1/invitations"
    statuses = []
    for number in range(40):
        headers = {"X-Forwarded-For": "203.0.113.7"}
        guess = {"token": f"guess-{number}", "password": PASSWORD}
        async with office.session.post(url, json=guess, headers=headers) as answer:
            statuses.append(answer.status)
    assert statuses[0] == 401
    assert 429 in statuses
    other = {"token": "guess", "password": PASSWORD}
    async with office.session.post(url, json=other, headers={"X-Forwarded-For": "203.0.113.8"}) as answer:
        assert answer.status == 401
