"""``pointsman schema``: the JSON Schema of a configuration file, for editors."""

import click


@click.command("schema")
@click.argument("file", type=click.Choice(["inboxes", "agents", "routing"]), default="routing")
def command(file: str) -> None:
    """Print the JSON Schema of FILE: inboxes, agents or routing (the default)."""
    from adapters.registry import channel, channel_names
    from config.inbox import Channels
    from config.json_schema import schemas, to_text

    found = schemas(Channels(names=channel_names(), find=channel))
    click.echo(to_text(found[f"{file}.yaml"]), nl=False)
