"""``pointsman agent``: agents' logins. Who they are stands in agents.yaml; their passwords are never in a file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.obstacle import NotRun
from gateway.cli.options import config_option, data_option, database_option, json_option, public_url_option

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from skills.agent import Agent
    from skills.ids import AgentId


@click.group("agent")
def command() -> None:
    """Agents' logins."""


@command.command("list")
@config_option
@data_option
@database_option
@json_option
def list_(*, config: Path, data: Path, database_url: str, as_json: bool) -> None:
    """List the agents of agents.yaml, and whether they can log in."""
    import json

    from gateway.store.accounts import account_agents
    from gateway.store.beside import look

    agents = people(config)
    try:
        known = look(database_url, data, account_agents)
    except FileNotFoundError:
        known = {}  # nobody has a password before the first start
    found = [
        {"login": id_, "name": agent.name, "role": agent.role.value, "has_password": known.get(id_, False)}
        for id_, agent in sorted(agents.items())
    ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        can = (
            "password set" if one["has_password"] else "no password yet: pointsman agent password " + str(one["login"])
        )
        click.echo(f"{one['login']:<20} {one['role']:<11} {one['name']}  ({can})")


@command.command()
@click.argument("login")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read one line instead of asking.")
@config_option
@data_option
@database_option
def password(*, login: str, from_stdin: bool, config: Path, data: Path, database_url: str) -> None:
    """Set an agent's password; open sessions end."""
    from gateway.http.passwords import BadPassword, hash_now
    from gateway.store.accounts import Account, close_sessions, save_account
    from gateway.store.beside import transact

    id_ = _known(login, config)
    if from_stdin:
        chosen = sys.stdin.readline().rstrip("\r\n")
    else:
        chosen = click.prompt("New password", hide_input=True, confirmation_prompt=True)
    try:
        hashed = hash_now(chosen)
    except BadPassword as error:
        raise NotRun(str(error)) from error

    def write(connection: "Connection") -> None:
        save_account(connection, Account(agent=id_, password_hash=hashed))
        close_sessions(connection, id_)

    transact(database_url, data, write)
    click.echo(f"{login} can log in.")


@command.command()
@click.argument("login")
@config_option
@data_option
@database_option
@public_url_option
def invite(*, login: str, config: Path, data: Path, database_url: str, public_url: str) -> None:
    """Print a link with which an agent chooses a password. It works once, for seven days."""
    from dataclasses import replace

    from gateway.clock import SystemClock
    from gateway.http.me import INVITATION_LASTS_FOR
    from gateway.identifiers import RandomIdentifiers
    from gateway.store.accounts import account, save_account, token_hash
    from gateway.store.beside import transact

    id_ = _known(login, config)
    token = RandomIdentifiers().token()
    until = SystemClock().now() + INVITATION_LASTS_FOR

    def write(connection: "Connection") -> None:
        known = account(connection, id_)
        save_account(connection, replace(known, invitation_hash=token_hash(token), invited_until=until))

    transact(database_url, data, write)
    click.echo(f"{public_url.rstrip('/') or 'http://127.0.0.1:8080'}/invitation#{token}")


@command.command()
@click.argument("login")
@click.option("--name", required=True, help="The agent's name.")
@click.option("--group", "groups", multiple=True, help="A group to belong to; may be repeated.")
@click.option(
    "--role", type=click.Choice(["agent", "supervisor", "admin", "outside"]), default="agent", show_default=True
)
@config_option
def add(*, login: str, name: str, groups: tuple[str, ...], role: str, config: Path) -> None:
    """Print the lines to add to agents.yaml; the file is yours to edit."""
    if login in people(config):
        raise NotRun(f"there is an agent {login} already")
    click.echo(f"  {login}:\n    name: {name}\n    role: {role}\n    groups: [{', '.join(groups)}]")
    click.echo(
        f"# add this below `agents:` in {config / 'agents.yaml'}, then: pointsman agent invite {login}", err=True
    )


def people(config: Path) -> "dict[AgentId, Agent]":
    """The people of the directory's agents.yaml."""
    from gateway.clock import SystemClock
    from gateway.configuration import first_error, read_checked
    from skills.agent import AgentKind

    loaded = read_checked(config, SystemClock().now())
    if loaded.configuration is None:
        raise NotRun(first_error(loaded))
    return {id_: agent for id_, agent in loaded.configuration.agents.items() if agent.kind is AgentKind.HUMAN}


def _known(login: str, config: Path) -> "AgentId":
    from config.problem import did_you_mean
    from skills.ids import AgentId

    agents = people(config)
    if login not in agents:
        hint = did_you_mean(login, agents)
        raise NotRun(f"there is no agent {login} in {config / 'agents.yaml'}" + (f"; {hint}" if hint else ""))
    return AgentId(login)
