"""Options that several commands share; each has its ``POINTSMAN_…`` environment variable."""

from pathlib import Path

import click

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("config"),
    show_default=True,
    envvar="POINTSMAN_CONFIG",
    show_envvar=True,
    help="Directory of inboxes.yaml, agents.yaml and routing.yaml.",
)

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    show_default=True,
    envvar="POINTSMAN_DATA",
    show_envvar=True,
    help="Directory of the database and of stored files.",
)

database_option = click.option(
    "--database-url",
    default="",
    envvar="POINTSMAN_DATABASE_URL",
    show_envvar=True,
    help="postgresql://… instead of the SQLite file in the data directory.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Output for programs.")
