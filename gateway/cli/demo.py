"""``pointsman demo``: the service with invented agents, a shop page and simulated customers. No account, no network."""

import contextlib
import gc
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.options import listen_option

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gateway.app import Service
    from skills.agent import Agent
    from skills.ids import AgentId

PASSWORD = "{login}-demo"  # noqa: S105  printed for everybody: it opens the demo on this machine and nothing else


@click.command("demo")
@listen_option
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data/demo"),
    show_default=True,
    help="Directory of the demo's database and files; delete it to begin anew.",
)
@click.option(
    "--config",
    "files",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=None,
    help="Another configuration than the one that comes with Pointsman.",
)
def command(*, listen: str, data: Path, files: Path | None) -> None:
    """Run the demo, and print what to try."""
    gc.disable()  # until `settle`
    import uvloop

    import config.load
    from gateway.cli.serving import listen_address, reported
    from gateway.telemetry.logs import Redaction, set_up

    directory = files or Path(config.load.__file__).parent / "demo"
    host, port = listen_address(listen)
    redaction = Redaction()
    set_up(redaction, level=30)
    with reported(host, port):
        uvloop.run(_demo(directory, data, host, port, redaction))


async def _demo(directory: Path, data: Path, host: str, port: int, redaction: Any) -> None:  # noqa: ANN401  see below
    import asyncio
    import os

    from adapters.registry import demo_platforms
    from gateway.app import Options
    from gateway.cli.serving import free_port, until_stopped
    from gateway.clock import SystemClock

    async with contextlib.AsyncExitStack() as stack:
        platforms = []
        port = port or free_port(host)
        url = f"http://{host}:{port}"
        for platform in demo_platforms():
            running = await platform.start(SystemClock())
            running.connect(url)
            stack.push_async_callback(running.stop)
            os.environ.update(running.environment)
            platforms.append({"name": platform.name, "url": running.page})
        facts: dict[str, Any] = {"platforms": platforms, "logins": []}
        options = Options(config=directory, data=data, host=host, port=port, public_url=url, demo_facts=facts)

        await asyncio.to_thread(_let_in, directory, data)

        async def started(service: "Service") -> None:
            facts["logins"] = _logins(service)
            click.echo(_welcome(url, facts))

        await until_stopped(options, redaction, started)


def _let_in(directory: Path, data: Path) -> None:
    """Give every invented agent the printed password, before anybody is told that the demo is ready.

    With broken files nothing is given: the version that runs instead had its agents let in when it was applied.
    """
    from gateway.clock import SystemClock
    from gateway.configuration import read_checked
    from gateway.http.passwords import hash_now
    from gateway.store.accounts import Account, account_agents, save_account
    from gateway.store.beside import transact

    configuration = read_checked(directory, SystemClock().now()).configuration
    if configuration is None:
        return
    known = transact("", data, account_agents)
    strangers = [agent.id for agent in _people(configuration.agents) if not known.get(agent.id)]
    accounts = [Account(agent=id_, password_hash=hash_now(PASSWORD.format(login=id_))) for id_ in strangers]

    def write(connection: "Connection") -> None:
        for each in accounts:
            save_account(connection, each)

    if accounts:
        transact("", data, write)


def _people(agents: "Mapping[AgentId, Agent]") -> "list[Agent]":
    from skills.agent import AgentKind

    return [agent for agent in agents.values() if agent.kind is AgentKind.HUMAN]


def _logins(service: "Service") -> list[dict[str, Any]]:
    return [
        {
            "login": agent.id,
            "password": PASSWORD.format(login=agent.id),
            "name": agent.name,
            "role": agent.role.value,
            "groups": sorted(agent.groups),
        }
        for agent in _people(service.tools.configuration.settings.agents)
    ]


def _welcome(url: str, facts: Mapping[str, Any]) -> str:
    logins = "\n".join(
        f"    {one['login']:<12} {one['password']:<20} {one['name']}  {', '.join(one['groups']) or one['role']}"
        for one in facts["logins"]
    )
    simulated = "\n".join(f"  {platform['name']:<10} {platform['url']}/" for platform in facts["platforms"])
    return f"""
  Pointsman is running.  {url}/

  Shop page  {url}/demo/shop        the customer's chat widget
  Desk       {url}/desk/            where agents answer
  Admin      {url}/admin/
{simulated}   write as a simulated customer

  Logins at the desk
{logins}

  Try it
    1. Open the desk, log in as li.na, choose Ready.
    2. Open the shop page, write 我想办日本签证 in the chat.
    3. Accept the offer at the desk, and answer.
    4. Write as a simulated customer of another channel: same desk, same rules.

  Ctrl-C stops it.
"""
