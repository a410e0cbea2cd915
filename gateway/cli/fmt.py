"""``pointsman fmt``: configuration files in the house style."""

from pathlib import Path

import click


@click.command("fmt")
@click.argument(
    "directory",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path("config"),
    envvar="POINTSMAN_CONFIG",
)
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit with 1 when a file would change.")
def command(directory: Path, *, only_check: bool) -> None:
    """Indent the three files in DIRECTORY (default: config) evenly; comments, order and words stay."""
    from config.configuration import FILES
    from config.house_style import formatted
    from config.positions import read_document
    from config.problem import Problem
    from config.report import problem_lines

    changed, broken = [], False
    for name in FILES:
        path = directory / name
        if not path.exists():
            continue
        text = path.read_text(encoding="utf-8")
        read = read_document(name, text)
        if isinstance(read, Problem):
            broken = True
            for line in problem_lines(read, {name: text}):
                click.echo(line, err=True)
            continue
        tidy = formatted(text)
        if tidy != text:
            changed.append(path)
            if not only_check:
                path.write_text(tidy, encoding="utf-8")
    for path in changed:
        click.echo(f"{'would change' if only_check else 'changed'} {path}")
    if broken or (only_check and changed):
        raise SystemExit(1)
