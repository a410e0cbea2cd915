"""``pointsman fmt``: configuration files in the house style."""

import shutil
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

    changed, is_broken = [], False
    for path in (directory / name for name in FILES if (directory / name).exists()):
        text = _text(path)
        if text is None:
            is_broken = True
        elif (tidy := formatted(text)) != text:
            changed.append(path)
            if not only_check:
                _replace(path.resolve(), tidy)
    for path in changed:
        click.echo(f"{'would change' if only_check else 'changed'} {path}")
    if is_broken or (only_check and changed):
        raise SystemExit(1)


def _text(path: Path) -> str | None:
    """The file's text; None when it is no YAML, which is said on the error output."""
    from config.load import read_file
    from config.positions import read_document
    from config.problem import Problem
    from config.report import problem_lines

    text = read_file(path.parent, path.name)
    found = text if isinstance(text, Problem) else read_document(path.name, text)
    if not isinstance(found, Problem):
        return str(text)
    for line in problem_lines(found, {} if isinstance(text, Problem) else {path.name: text}):
        click.echo(line, err=True)
    return None


def _replace(path: Path, text: str) -> None:
    """The file with another text, all or nothing: on a full disk the old one stays."""
    draft = path.with_name(f".{path.name}.tidy")
    try:
        draft.write_text(text, encoding="utf-8")
        shutil.copymode(path, draft)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
