"""What a bot had no answer to, as the administrator reads it."""

from pathlib import Path

from tests.gateway.http.office import Office
from tests.gateway.waiting import until_found

BOT = """
bots:
  helper:
    kind: faq
    misses: 2
    articles:
      price: {questions: [visa price, how much is a visa], answer: {en: "80 euros"}}
"""
GROUP = """  front:
    name: {en: Front desk}
    kind: bot
    bot: helper
    then: asia
"""


def with_a_bot(office: Office) -> None:
    """A faq in front of everything that is not about Japan."""
    agents, routing = office.config / "agents.yaml", office.config / "routing.yaml"
    agents.write_text(agents.read_text(encoding="utf-8") + BOT, encoding="utf-8")
    text = routing.read_text(encoding="utf-8").replace("triage:\n", f"{GROUP}triage:\n")
    routing.write_text(text.replace("{otherwise: asia}", "{otherwise: front}"), encoding="utf-8")


async def test_what_the_bot_could_not_answer(tmp_path: Path) -> None:
    """Each miss is listed once with what was asked, the newest first, page by page; answers are not."""
    office = Office(tmp_path)
    with_a_bot(office)
    async with office:
        admin = await office.person("admin")

        async def said(count: int) -> bool:
            found = (await admin.get("/conversations?scope=all"))["items"]
            messages = await admin.get(f"/conversations/{found[0]['id']}/messages") if found else {"items": []}
            return len([each for each in messages["items"] if each["author"]["kind"] == "bot"]) >= count

        for count, text in enumerate(["how much is a visa", "my cat is purple", "quantum banana"], start=1):
            await office.write(text)
            await until_found(lambda count=count: said(count))  # type: ignore[misc]  # its default
        found = await admin.get("/bots/helper/misses")
        assert [(each["text"], each["handed_over"]) for each in found["items"]] == [
            ("quantum banana", True),
            ("my cat is purple", False),
        ]
        first = await admin.get("/bots/helper/misses?limit=1")
        second = await admin.get(f"/bots/helper/misses?limit=1&after={first['next']}")
        assert [each["text"] for each in (*first["items"], *second["items"])] == ["quantum banana", "my cat is purple"]
        assert second["next"] is None


async def test_of_nobody(office: Office) -> None:
    """People have no misses, nor has a bot that is not there."""
    zhao = await office.person("zhao.min")
    for login in ("li.na", "nobody"):
        await zhao.call("GET", f"/bots/{login}/misses")
        assert zhao.status == 404
