"""Directing: what a direct code means for where a message goes (`routing.md` §19)."""

from dataclasses import replace

from router.conversation import Conversation, State
from router.events import MessageReceived
from router.ids import ConversationId
from router.reason import Code, Reason
from router.triage import Classification
from router.turn import Turn


def directed(turn: Turn, conversation: ConversationId, verdict: Classification) -> Classification:
    """What triage says, with the code's other group while its own is closed.

    The trace is told of that, and of codes that are over.
    """
    turn.remark(conversation, *verdict.over)
    code, settings = verdict.code, turn.board.settings
    if code is None or code.group is None or code.otherwise is None or code.otherwise not in settings.groups:
        return verdict
    if turn.board.doors.is_open(settings.groups[code.group], turn.at):
        return verdict
    turn.remark(conversation, Reason(Code.CODE_ELSEWHERE, (code.sign, code.group)))
    return replace(verdict, group=code.otherwise)


def new_code(event: MessageReceived, conversation: Conversation) -> str:
    """What may be a code in how a later message came: pages say the same entry with every message."""
    return event.entry if event.entry != conversation.entry else ""


def is_where_its_code_led(turn: Turn, conversation: Conversation) -> bool:
    """Whether a code brought it to the people with whom it waits: then no rule takes it away again."""
    if not conversation.code or conversation.state is State.BOT:
        return False
    code = turn.board.settings.triage.directory.named(conversation.code)
    return code is not None and conversation.group in (code.group, code.otherwise)
