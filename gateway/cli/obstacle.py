"""What keeps a command from running, as one sentence that says what to do; and the exit code for it."""

import errno
import os

import click

COULD_NOT_RUN = 2


class NotRun(click.ClickException):
    """The command could not run: exit code 2."""

    exit_code = COULD_NOT_RUN


def words(error: Exception) -> str | None:
    """The sentence for the operator; None for what is a mistake of ours and must be seen whole."""
    if isinstance(error, BrokenPipeError):  # whoever read the output has gone: click ends quietly
        return None
    if isinstance(error, UnicodeDecodeError):
        return f"a file is not UTF-8 text ({error.reason} at byte {error.start}); save it as UTF-8"
    if isinstance(error, OSError):
        advice = "; make room and try again" if error.errno == errno.ENOSPC else ""
        return of_system(error) + advice
    from gateway.store.errors import DataInUse, SchemaNewer, StoreUnavailable  # only who fails imports the database

    if isinstance(error, DataInUse | SchemaNewer):
        return str(error)
    if isinstance(error, StoreUnavailable):
        return f"the database cannot be used: {error}"
    return None


def of_system(error: OSError) -> str:
    """The system's refusal with its file, without the error's number."""
    reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason
