"""A webhook costs microseconds, and a channel that nobody uses costs nothing."""

import subprocess
import sys
import timeit

import pytest

from adapters.wechat.settings import Mode
from tests.adapters.bench import fixtures
from tests.adapters.wechat.bench import NOW, plain, sealed
from tests.adapters.wechat.test_forgery import built
from tests.architecture.house import ROOT

ROUNDS, TRIES = 20, 500
"""Short tries, and many: on a busy machine some of them are left alone from beginning to end."""
TEXT = next(fixture.body for fixture in fixtures("wechat") if fixture.situation == "text_chinese")


@pytest.mark.timing
@pytest.mark.parametrize("mode", [Mode.PLAIN, Mode.SAFE], ids=lambda mode: mode.value)
def test_proof_and_reading_take_microseconds(mode: Mode) -> None:
    """Signature, unsealing and meaning: less than 100 µs, at the best of many tries."""
    adapter = built(mode)
    request = plain(TEXT) if mode is Mode.PLAIN else sealed(TEXT)

    def once() -> None:
        adapter.authenticate(request, NOW)
        assert adapter.parse(request).inbound

    best = min(timeit.repeat(once, number=ROUNDS, repeat=TRIES)) / ROUNDS
    print(f"{mode.value}: {best * 1e6:.1f} µs")  # noqa: T201  shown by pytest -s
    assert best < 100e-6


def test_an_unused_channel_imports_no_library() -> None:
    """To know the channel and its settings is not to import its SDK; to build an adapter is."""
    program = (
        "import sys; from adapters.registry import channel; "
        "one = channel('wechat'); one.settings_type; print('wechatpy' in sys.modules, 'cryptography' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False False"
