"""``pointsman diff``: what changed between two configurations, in meaning and in text."""

import json
from pathlib import Path

import click

from gateway.cli.options import data_option, database_option, json_option
from gateway.cli.sources import difference_lines, found_at, sound


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--text/--no-text", default=True, show_default=True, help="Also show the changed lines.")
@data_option
@database_option
@json_option
def command(*, old: str, new: str, text: bool, data: Path, database_url: str, as_json: bool) -> None:
    """Say what changed from OLD to NEW: each a directory, or the number of an applied version.

    Exits with 1 when they differ.
    """
    from config.difference import differences, text_differences
    from gateway.clock import SystemClock

    now = SystemClock().now()
    near = next((Path(each) for each in (new, old) if Path(each).is_dir()), Path("config"))
    before = sound(found_at(old, database_url, data, now, near), old)
    after = sound(found_at(new, database_url, data, now, near), new)
    found = differences(before, after)
    texts = text_differences(before.texts, after.texts, (old, new))
    if as_json:
        plain = [{"what": each.what, "how": each.how, "details": list(each.details)} for each in found]
        click.echo(json.dumps({"differences": plain, "texts": texts}, ensure_ascii=False, indent=2))
    else:
        for line in difference_lines(found):
            click.echo(line)
        if not found:
            click.echo("no difference in meaning")
        if text:
            for shown in texts.values():
                click.echo(f"\n{shown}", nl=False)
    if found or texts:
        raise SystemExit(1)
