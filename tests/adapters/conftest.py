"""Every registered channel meets the shared suite without its author asking."""

import pytest

from adapters.registry import channel_names
from tests.adapters.bench import bench_of, fixtures, folder

pytest.register_assert_rewrite("tests.adapters.suite")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Hand each test of the suite a bench, a fixture of each channel, or both."""
    # A channel without a bench fails one test with a sentence, not the collection of all.
    names = [name for name in channel_names() if (folder(name) / "bench.py").exists()]
    if "fixture" in metafunc.fixturenames:
        pairs = [(name, fixture) for name in names for fixture in fixtures(name)]
        metafunc.parametrize(
            ("bench", "fixture"),
            [pytest.param(bench_of(name), fixture, id=f"{name}-{fixture.situation}") for name, fixture in pairs],
        )
    elif "bench" in metafunc.fixturenames:
        metafunc.parametrize("bench", [pytest.param(bench_of(name), id=name) for name in names])
