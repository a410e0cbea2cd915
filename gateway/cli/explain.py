"""``pointsman explain``: which way a message would go, and why."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from gateway.cli.options import config_option, json_option

if TYPE_CHECKING:
    from config.configuration import Configuration
    from config.explanation import Explanation


@click.command("explain")
@click.argument("text")
@click.option("--channel", default="", help="The channel it comes by.")
@click.option("--inbox", default="", help="The inbox it arrives in.")
@click.option("--entry", default="", help="How the contact came: widget context, start payload, scene, product link.")
@click.option("--at", "instant", default="", help="When it arrives: 2026-11-23T10:00+08:00 (default: now).")
@click.option("--contact-tags", multiple=True, help="Tags of the contact; several by commas or repetition.")
@click.option("--language", default="", help="The contact's language (default: found from the text).")
@click.option("--returning", is_flag=True, help="The contact had a conversation before.")
@config_option
@json_option
def command(  # noqa: PLR0913 - one parameter per option
    text: str,
    *,
    channel: str,
    inbox: str,
    entry: str,
    instant: str,
    contact_tags: tuple[str, ...],
    language: str,
    returning: bool,
    config: Path,
    as_json: bool,
) -> None:
    """Show which way TEXT would go: every rule in order, the hours, who could answer, and the replies."""
    import msgspec

    from adapters.registry import channel_names
    from config.explanation import explain_message
    from config.problem import did_you_mean
    from config.rehearsal import Asked, instant_of
    from gateway.clock import SystemClock
    from gateway.views.explanation import show_explanation

    configuration = _configuration(config)
    if inbox and inbox not in configuration.inboxes:
        raise click.BadParameter(f"there is no inbox {inbox} in {config}", param_hint="--inbox")
    if channel and channel not in channel_names():
        hint = did_you_mean(channel, channel_names()) or f"one of: {', '.join(channel_names())}"
        raise click.BadParameter(f"there is no channel {channel}; {hint}", param_hint="--channel")
    try:
        at = instant_of(instant, ZoneInfo(configuration.timezone)) if instant else SystemClock().now()
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--at") from error
    asked = Asked(
        text=text,
        channel=channel,
        inbox=inbox,
        entry=entry,
        language=language,
        contact_tags=tuple(tag.strip() for tags in contact_tags for tag in tags.split(",") if tag.strip()),
        is_returning=returning,
    )
    explanation = explain_message(configuration, asked, at)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(show_explanation(explanation)), ensure_ascii=False, indent=2))
    else:
        for line in _lines(explanation, configuration, text):
            click.echo(line)


def _configuration(directory: Path) -> "Configuration":
    """The configuration; what is wrong with it goes to stderr, and ends the command with 1."""
    from adapters.registry import channel, channel_names
    from config.inbox import Channels
    from config.load import load
    from config.problem import Severity
    from config.report import problem_lines
    from gateway.clock import SystemClock

    if not directory.is_dir():
        raise click.BadParameter(f"there is no directory {directory}", param_hint="--config")
    channels = Channels(names=channel_names(), find=channel)
    loaded = load(directory, channels=channels, environment=os.environ, at=SystemClock().now(), strict=False)
    if loaded.configuration is None:
        for problem in loaded.problems:
            if problem.severity is Severity.ERROR:
                for line in problem_lines(problem, loaded.texts):
                    click.echo(line, err=True)
        raise SystemExit(1)
    return loaded.configuration


def _lines(explanation: "Explanation", configuration: "Configuration", text: str) -> Iterator[str]:
    from datetime import timedelta

    from config.durations import format_duration
    from gateway.reasons import in_words
    from gateway.views.explanation import reasons
    from router.trace import Verdict

    yield f"{text}  ({explanation.language}, {explanation.at:%a %Y-%m-%d %H:%M %z})"
    stage = None
    for rule in explanation.rules:
        if rule.stage is not stage:
            stage = rule.stage
            yield f"\n{stage.value}"
        outcome = in_words((rule.failed,)) if rule.failed else "matched"
        yield f"  {'✓' if rule.matched else '·'} routing.yaml:{rule.line}  {rule.rule}: {outcome}"
    found = explanation.found
    within = format_duration(configuration.settings.priorities[found.priority])
    needs = ", ".join(f"{skill} {level}" for skill, level in found.requires.items())
    yield f"\n→ group {found.group}, priority {found.priority} (answer within {within})"
    yield f"  tags: {', '.join(found.tags) or 'none'}; further skills: {needs or 'none'}"
    yield f"  {in_words(explanation.hours.why)}"
    for clock, target in explanation.targets:
        span = format_duration(target.within(clock) or timedelta())
        yield f"  {clock.value} within {span} (routing.yaml:{target.line})"
    yield f"\nwho could answer for {explanation.serving}"
    for candidate in explanation.candidates:
        is_eligible = candidate.verdict is Verdict.ELIGIBLE
        name = configuration.agents[candidate.agent].name
        why = in_words(candidate.why) if is_eligible else ", ".join(reasons(candidate))
        yield f"  {'✓' if is_eligible else '·'} {candidate.agent} {name}: {why or 'eligible'}"
    if explanation.replies:
        yield "\nreplies"
    for reply in explanation.replies:
        yield f"  {reply.reply} {reply.language}  {reply.text}"
