"""Clocks: what is counted, told and explained when a clock of a conversation comes to a stage (`routing.md` §20)."""

from router.clocks import Clock, ClockStage
from router.conversation import Conversation
from router.effects import Measure, Measurement
from router.reason import Code, Reason
from router.ticking import Tick
from router.trace import Outcome
from router.turn import Turn

_CODES = {ClockStage.AT_RISK: Code.SLA_AT_RISK, ClockStage.BREACHED: Code.SLA_BREACHED, ClockStage.MET: Code.SLA_MET}


def tell(turn: Turn) -> None:
    """Count every stage that was reached; supervisors learn of those that are at risk or breached."""
    for conversation, tick in turn.ticks:
        if tick.is_moved:
            _explain(turn, conversation, _moved(tick))
            continue
        stage = tick.clock.stage
        why = Reason(_CODES[stage], (tick.clock.kind.value, _due(tick.clock)))
        further = (tick.clock.kind.value, stage.value)
        turn.say(Measure(what=Measurement.SLA, label=conversation.group, further=further))
        if stage is not ClockStage.MET:
            turn.alarm(why, conversation.id)
        _explain(turn, conversation, why)


def _explain(turn: Turn, conversation: Conversation, why: Reason) -> None:
    turn.explain(conversation, Outcome.TIMED, reasons=(why,))


def _moved(tick: Tick) -> Reason:
    kind, former = tick.clock.kind.value, tick.former_due_at
    if former is None:
        return Reason(Code.SLA_BEGUN, (kind, _due(tick.clock)))
    if tick.clock.due_at is None:
        return Reason(Code.SLA_DROPPED, (kind, former.isoformat()))
    return Reason(Code.SLA_MOVED, (kind, _due(tick.clock), former.isoformat()))


def _due(clock: Clock) -> str:
    return clock.due_at.isoformat() if clock.due_at is not None else ""
