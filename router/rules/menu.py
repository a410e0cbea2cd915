"""The menu while waiting: stay, leave a message, be called back, cancel (`routing.md` §16).

What is chosen comes back as a message whose choice has one of the values below. A message left and a call promised wait
on with an instant of their own, and the contact is told nothing more; who stays has shown to be there.
"""

from dataclasses import replace
from datetime import timedelta

from router.conversation import Conversation, Patience, Wish
from router.due import due_of
from router.lifecycle import ABANDONED
from router.message import Choice, Part
from router.reason import Code, Reason
from router.rules.ending import resolve
from router.rules.waiting import tell
from router.settings import GroupSettings
from router.trace import Outcome
from router.turn import Turn

STAY, LEAVE_MESSAGE, CALL_BACK, CANCEL = "waiting:stay", "waiting:leave_message", "waiting:call_back", "waiting:cancel"
MENU = (STAY, LEAVE_MESSAGE, CALL_BACK, CANCEL)
"""The values of the menu's buttons, in their order."""

_WISHES = {LEAVE_MESSAGE: Wish.MESSAGE, CALL_BACK: Wish.CALL_BACK}


def offer_menu(turn: Turn, conversation: Conversation, its: GroupSettings) -> Conversation:
    """Offer the menu once in a wait, if the group has one."""
    menu, patience = its.waiting.menu, conversation.patience
    if menu is None or patience.offered_menu_at is not None or patience.wish is not None:
        return conversation
    conversation = tell(turn, conversation, menu.reply, choices=MENU)
    patience = conversation.patience
    return turn.save(conversation.but(patience=replace(patience, offered_menu_at=turn.at)))


def chosen(parts: tuple[Part, ...]) -> str | None:
    """Which of the menu's buttons was pressed, if any."""
    for part in parts:
        if type(part) is Choice and part.value in MENU:
            return part.value
    return None


def choose(turn: Turn, conversation: Conversation, choice: str) -> None:
    """Do what the waiting contact chose."""
    if choice == CANCEL:
        resolve(turn, conversation, ABANDONED)
        return
    wish = _WISHES.get(choice)
    if wish is None:
        return
    its = turn.board.settings.groups.get(conversation.group)
    menu = its.waiting.menu if its is not None else None
    if menu is None:
        within = timedelta(hours=1)
    else:
        within = menu.message_within if wish is Wish.MESSAGE else menu.call_back_within
    patience = Patience(budget=conversation.patience.budget, wish=wish, wish_due_at=turn.at + within)
    conversation = conversation.but(patience=patience)
    since = conversation.due_from or turn.at
    conversation = turn.save(conversation.but(due_at=due_of(turn.board.settings, conversation, since)))
    turn.explain(conversation, Outcome.WAITS, reasons=(Reason(Code.WISHED, (wish.value,)),))
