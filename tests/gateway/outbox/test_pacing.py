"""How many deliveries may run, and when to try again, told in seconds."""

from datetime import timedelta

from adapters.errors import NotConnected, Throttled, Whose
from gateway.outcome import LONGEST_WAIT, Again, backoff, outcome_of
from gateway.pacing import MOST, Breaker, Pace
from router.ids import MessageId


def test_one_contact_is_not_the_inbox() -> None:
    """A "slow down" that does not say whose limit it was is the contact's, until a second contact gets one."""
    pace = Pace()
    assert not pace.slow("ada", 0.0, 60.0, Whose.UNSAID)
    assert not pace.slow("ada", 1.0, 60.0, Whose.UNSAID)
    assert not pace.slow("bob", 70.0, 60.0, Whose.UNSAID)
    assert pace.slow("ada", 71.0, 60.0, Whose.UNSAID)
    assert pace.room(140.0) == 1


def test_what_arrives_between_speaks_for_the_inbox() -> None:
    """Where the platform took something between two refusals, they were two contacts' limits."""
    pace = Pace()
    assert not pace.slow("ada", 0.0, 60.0, Whose.UNSAID)
    pace.ease()
    assert not pace.slow("bob", 1.0, 60.0, Whose.UNSAID)
    assert pace.room(2.0) == MOST


def test_who_says_so_is_believed() -> None:
    """A limit of the inbox is the inbox's at once, tried with one message afterwards; a contact's never is."""
    pace = Pace()
    for contact in ("ada", "bob", "eve"):
        assert not pace.slow(contact, 0.0, 60.0, Whose.CONTACT)
    assert pace.slow("ada", 0.0, 60.0, Whose.INBOX)
    assert pace.room(61.0) == 1
    pace.ease()
    assert pace.room(61.0) == MOST


def test_breaker_tries_one() -> None:
    """After three failures to connect an inbox pauses, is then tried with one message, and opens when that arrives."""
    breaker = Breaker()
    assert [breaker.fail(0.0, is_broken=False) for _ in range(3)] == [False, False, True]
    assert breaker.room(0.5) == 0
    assert breaker.room(1.0) == 1
    assert not breaker.fail(1.0, is_broken=False)
    assert breaker.room(2.5) == 0
    assert breaker.room(3.0) == 1
    assert breaker.work()
    assert breaker.room(3.0) == MOST
    assert not breaker.work()


def test_breaker_of_a_broken_inbox() -> None:
    """Wrong credentials pause at once, once; failures of deliveries that were under way do not lengthen it."""
    breaker = Breaker()
    assert [breaker.fail(0.0, is_broken=True) for _ in range(5)] == [True, False, False, False, False]
    assert breaker.room(29.0) == 0
    assert breaker.room(30.0) == 1


def test_backoff_grows_to_a_minute() -> None:
    """Waits double up to a minute, scattered downwards by at most half, the same each time."""
    waits = [backoff("msg_1", attempts).total_seconds() for attempts in range(12)]
    for attempts, wait in enumerate(waits):
        longest = min(2.0**attempts, 60.0)
        assert longest / 2 <= wait <= longest
    assert backoff("msg_1", 3) == backoff("msg_1", 3)
    assert len({backoff(f"msg_{n}", 3) for n in range(50)}) > 40


def test_outcome_says_how_long() -> None:
    """A retryable trouble waits by the number of attempts before it."""
    first = outcome_of(NotConnected("refused"), MessageId("m"), 0)
    assert isinstance(first, Again)
    assert first.wait <= timedelta(seconds=1)
    assert first.is_cut_off


def test_no_platform_makes_us_wait_for_ever() -> None:
    """Whatever number of seconds it says, a day is enough: the instant has to be one that can be written down."""
    outcome = outcome_of(Throttled("throttled", timedelta.max), MessageId("m"), 0)
    assert isinstance(outcome, Again)
    assert outcome.wait == LONGEST_WAIT
