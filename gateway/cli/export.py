"""``pointsman export``: everything that is stored of a contact, for whoever has a right to it."""

from pathlib import Path

import click

from gateway.cli.obstacle import NotRun
from gateway.cli.options import data_option, database_option


@click.command("export")
@click.argument("contact")
@data_option
@database_option
def command(*, contact: str, data: Path, database_url: str) -> None:
    """Print everything that is stored of CONTACT as JSON: profile, addresses, conversations, notes, files.

    CONTACT is an id as the desk shows it in a contact's address (ctc_…), or INBOX/ADDRESS. The bytes of the files stand
    in the data directory, at the paths that are printed.
    """
    import msgspec
    from sqlalchemy import Connection

    from gateway.store.beside import look
    from gateway.store.dossier import contact_named, dossier

    def read(connection: Connection) -> object:
        found = contact_named(connection, contact)
        return None if found is None else dossier(connection, found)

    known = look(database_url, data, read)
    if known is None:
        raise NotRun(f"there is no contact {contact}; give an id (ctc_…) or INBOX/ADDRESS")
    click.echo(msgspec.json.format(msgspec.json.encode(known), indent=2))
