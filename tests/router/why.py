"""What the desk answers in a story: why a conversation is where it is, what would release it, why nothing came."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from gateway.views.agent import reasons_against
from gateway.views.floor import presence_of, why_waiting
from gateway.views.trace import CandidateView, ReleaseView, show_trace
from router.board import Board
from router.conversation import Conversation
from router.passed_over import place_in
from router.trace import Trace
from skills.agent import Agent


def why_here(trace: Trace) -> Iterator[str]:
    """The stored decision: what caused it, by which rules, whom it chose and why, who came next, what comes next."""
    shown = show_trace(trace)
    yield f"{shown.trigger} under version {shown.config_version}: {shown.outcome}, {shown.priority}, in {shown.group}"
    for rule in shown.rules:
        yield f'{rule.stage} by "{rule.rule}", line {rule.line}: {", ".join(rule.gives)}'
    needs = ", ".join(f"{need.skill} {need.level}" for need in shown.requires) or "nothing"
    if shown.outcome != "resolved":
        yield f"asked for {needs}, step {shown.step}, of {', '.join(shown.groups)}"
    if shown.chosen:
        yield f"chosen {shown.chosen}: {shown.because}"
    for candidate in shown.candidates:
        yield f"then {_stood(candidate)}"
    if shown.counts:
        yield "all agents: " + ", ".join(f"{count} {verdict}" for verdict, count in sorted(shown.counts.items()))
    if shown.reason:
        yield f"because {shown.reason}"
    if shown.next_step_at:
        yield f"next timer {shown.next_step_at:%H:%M:%S}"


def why_still(board: Board, conversation: Conversation, now: datetime) -> Iterator[str]:
    """The live answer: the place in the line, how every agent stands now, and the one change that would release it."""
    waiting = why_waiting(board, conversation, now)
    if waiting is None:
        yield "waits no more"
        return
    due = f", due {waiting.due_at:%H:%M:%S}" if waiting.due_at else ""
    yield f"waits in place {waiting.position}{due}" if waiting.position else f"waits for the opening{due}"
    yield from map(_stood, waiting.candidates)
    if waiting.next_step_at:
        needs = ", ".join(f"{need.skill} {need.level}" for need in waiting.next_requires) or "nothing"
        yield f"next step {waiting.next_step_at:%H:%M:%S}: {needs}, of {', '.join(waiting.next_groups)}"
    if waiting.release:
        yield f"released by {_released(waiting.release)}"


def why_nothing(board: Board, traces: Sequence[Trace], agent: Agent) -> Iterator[str]:
    """What keeps the agent from anything now, and what the decisions so far meant for the agent."""
    now = [verdict.value for verdict in reasons_against(agent, presence_of(board, agent.id))]
    yield f"now: {', '.join(now) or 'nothing is in the way'}"
    places = [place_in(trace, agent) for trace in traces if trace.outcome.value in {"offered", "assigned", "waits"}]
    counts = Counter(place.verdict for place in places)
    yield f"{len(places)} decisions: " + ", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items()))


def _stood(candidate: CandidateView) -> str:
    return f"{candidate.agent} {candidate.verdict}" + (f" {candidate.detail}" if candidate.detail else "")


def _released(release: ReleaseView) -> str:
    at = f" at {release.at:%H:%M:%S}" if release.at else ""
    return " ".join(part for part in (release.what, release.agent, release.verdict, release.detail) if part) + at
