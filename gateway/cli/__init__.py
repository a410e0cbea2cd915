"""The command line: one module per command, imported only when it is asked for.

Each module ``gateway/cli/<name>.py`` offers a click command (or group) called ``command``. Exit codes: 0 good,
1 findings, 2 could not run (with a sentence that says what to do).
"""

import importlib

import click

from gateway.cli.obstacle import NotRun, words

COMMANDS = {
    "run": "Run the service.",
    "demo": "Run the service with demo agents, a shop page and simulated customers.",
    "check": "Check the configuration: all errors in one pass.",
    "explain": "Show which way a message would go, and why.",
    "diff": "Say what changed between two configurations, in words.",
    "simulate": "Replay arrivals through two configurations: who moves, who waits.",
    "report": "Exact figures of what happened: waits, answers, service level, agents' time.",
    "staffing": "How many agents it takes to answer in time, by Erlang's formulas.",
    "apply": "Apply a configuration as a new version.",
    "versions": "List the applied versions.",
    "rollback": "Return to an earlier version, as a new one.",
    "schema": "Print the JSON Schema of a configuration file.",
    "fmt": "Put configuration files into the house style.",
    "agent": "Agents' logins: list, invite, set a password.",
    "healthcheck": "Ask a running service whether it is ready.",
    "doctor": "Look for what would keep the service from running well.",
    "backup": "Write a consistent copy of the database.",
    "export": "Print everything that is stored of a contact.",
    "erase": "Erase everything that is stored of a contact, for good.",
}
"""Every command with the line that ``pointsman --help`` shows, so that help imports none of them."""


class _LazyGroup(click.Group):
    """A group whose commands are found by name in this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = importlib.import_module(f"gateway.cli.{cmd_name}").command
        return found

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except Exception as error:  # whatever stops a command is looked up; what has no sentence is raised as it was
            sentence = words(error)
            if sentence is None:
                raise
            raise NotRun(sentence) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="pointsman", message="pointsman %(version)s")
def main() -> None:
    """Pointsman: messages from every channel reach the right agent."""
