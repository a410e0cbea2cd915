"""Why is this still waiting and what would release it; why did I get nothing."""

from gateway.views.release import release
from router.pause import Pause
from router.reason import Code, Reason
from router.trace import Candidate, Verdict
from skills.ids import AgentId, GroupId
from tests.gateway.http.office import Office
from tests.router.world import MONDAY


def of(verdict: Verdict, name: str = "ann", *why: Reason) -> Candidate:
    """One row of the table."""
    return Candidate(agent=AgentId(name), verdict=verdict, why=why)


def test_the_one_change() -> None:
    """The opening, the end of a pause, a free agent, the nearest agent, the next step, a skill: the first."""
    assert release([of(Verdict.ELIGIBLE)], MONDAY, None).what == "opening"
    assert release([of(Verdict.ELIGIBLE)], None, MONDAY).what == "now"
    pause = Pause(group=GroupId("japan"), since=MONDAY, until=MONDAY, by=AgentId("zhao"), reason="prices are wrong")
    paused = release([of(Verdict.ELIGIBLE)], None, None, pause=pause)
    assert (paused.what, paused.agent, paused.at) == ("resume", "zhao", MONDAY)
    found = release(
        [of(Verdict.OFF), of(Verdict.FULL, "bob", Reason(Code.FULL, (6.0, 6.0))), of(Verdict.NOT_IN_GROUP)],
        None,
        MONDAY,
    )
    assert (found.what, found.agent, found.detail, found.at) == ("agent", "bob", "6/6", MONDAY)
    assert release([of(Verdict.SKILL_MISSING)], None, MONDAY).what == "step"
    assert release([of(Verdict.SKILL_MISSING, "ann", Reason(Code.LACKS, ("jp", 2)))], None, None).detail == "jp:2"
    assert release([of(Verdict.NOT_IN_GROUP)], None, None).what == "nobody"


async def test_still_waiting(office: Office) -> None:
    """A waiting conversation says what would release it."""
    li_na = await office.person("li.na")
    await office.write("japan?")
    admin = await office.person("admin")
    (conversation,) = (await admin.get("/conversations?scope=all"))["items"]
    found = (await li_na.get(f"/conversations/{conversation['id']}/trace"))["waiting"]
    assert found["release"]["what"] in {"agent", "step", "opening"}
    assert all(not each["eligible"] for each in found["candidates"])


async def test_nothing_came(office: Office) -> None:
    """An agent sees the decisions of the last hour by what they meant; seniors see anybody's, others only their own."""
    li_na, wang, admin = [await office.person(login) for login in ("li.na", "wang.fang", "admin")]
    await office.write("japan?")
    found = await li_na.get("/agents/li.na/why")
    assert (found["total"], found["received"]) == (1, 0)
    assert sum(found["counts"].values()) == 1
    assert found["reasons"]
    assert (await admin.get("/agents/li.na/why?since=2h"))["total"] == 1
    await wang.call("GET", "/agents/li.na/why")
    assert wang.status == 404
    await li_na.call("GET", "/agents/li.na/why?since=9d")
    assert li_na.status == 422


async def test_why_not_me(office: Office) -> None:
    """Who was not asked sees how everybody stood then, as it was, whatever has become of it since."""
    li_na, lin_mei, wang = [await office.person(login) for login in ("li.na", "lin.mei", "wang.fang")]
    await li_na.feed()
    await lin_mei.feed()
    await lin_mei.be("ready")
    await li_na.call("PUT", "/me/presence", {"intent": "away", "reason": "meal"})
    await office.write("japan?")
    await li_na.be("ready")
    (decision,) = (await li_na.get("/agents/li.na/why"))["decisions"]
    own = await li_na.get(f"/agents/li.na/why/{decision['trace']}")
    assert (own["chosen"], own["place"]["verdict"], own["exact"]) == ("lin.mei", "away", True)
    (conversation,) = (await lin_mei.get("/conversations?scope=all"))["items"]
    path = f"/conversations/{conversation['id']}/trace/{decision['trace']}/candidates"
    found = await lin_mei.get(path)
    assert found["exact"]
    assert {each["agent"]: each["verdict"] for each in found["candidates"]} == {
        "lin.mei": "eligible", "li.na": "away", "wang.fang": "not_in_group", "out.side": "not_in_group",
        "zhao.min": "not_in_group", "admin": "not_in_group",
    }  # fmt: skip
    for closed in (f"/agents/li.na/why/{decision['trace']}", path):
        await wang.call("GET", closed)
        assert wang.status == 404
    await lin_mei.call("GET", f"/conversations/{conversation['id']}/trace/evt_none.t1/candidates")
    assert lin_mei.status == 404


async def test_nothing_is_kept_of_the_time_before(office: Office) -> None:
    """Without a snapshot from before it, a decision is not guessed at: the answer says that nothing is kept."""
    li_na = await office.person("li.na")
    await office.write("japan?")
    await office.tools.store.write(lambda c: c.exec_driver_sql("DELETE FROM snapshots").close())
    (decision,) = (await li_na.get("/agents/li.na/why"))["decisions"]
    refused = await li_na.call("GET", f"/agents/li.na/why/{decision['trace']}")
    assert (li_na.status, refused["type"].rpartition(":")[2]) == (409, "not-replayable")
