"""``pointsman erase``: everything that is stored of a contact, gone for good."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.obstacle import NotRun
from gateway.cli.options import data_option, database_option

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gateway.store.erasure import Erased


@click.command("erase")
@click.argument("contact")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask. Where nobody can answer, nobody is asked.")
@data_option
@database_option
def command(*, contact: str, is_sure: bool, data: Path, database_url: str) -> None:
    """Erase everything that is stored of CONTACT, for good, whether the service runs or not.

    CONTACT is an id as the desk shows it in a contact's address (ctc_…), or INBOX/ADDRESS. Words, files, names, notes
    and decisions go; an open conversation ends without a word. `pointsman export` prints it all before.
    Backups that were made before still have it.
    """
    from gateway.media.store import file_in
    from gateway.store.beside import look, rewrite, transact
    from gateway.store.dossier import contact_named
    from gateway.store.erasure import erase

    found = look(database_url, data, lambda c: contact_named(c, contact))
    if found is None:
        raise NotRun(f"there is no contact {contact}; give an id (ctc_…) or INBOX/ADDRESS")
    if not is_sure and sys.stdin.isatty():
        click.confirm(f"Erase everything that is stored of {found}, for good?", abort=True, err=True)

    def write(connection: "Connection") -> "Erased":
        return erase(connection, found)

    erased = transact(database_url, data, write)
    for file in erased.files:
        file_in(data / "media", file).unlink(missing_ok=True)
    click.echo(
        f"erased {found}: {erased.conversations} conversations ({erased.open} open), {erased.messages} messages, "
        f"{len(erased.files)} files"
    )
    if not database_url and not rewrite(data):
        click.echo(
            "the service has the file open: older wordings may be left in its gaps until they are written over; "
            "`pointsman erase` of anybody, or VACUUM, while it is stopped removes them",
            err=True,
        )
