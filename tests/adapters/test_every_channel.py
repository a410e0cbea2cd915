"""The shared suite, collected once for each channel; see `tests.adapters.suite`."""

from tests.adapters.suite import *  # noqa: F403  the suite is what this module consists of
