"""A channel that nobody uses costs nothing."""

import subprocess
import sys

from tests.architecture.house import ROOT


def test_an_unused_channel_imports_no_library() -> None:
    """To know the channel and its settings is not to import its SDK; to build an adapter is."""
    program = (
        "import sys; from adapters.registry import channel; "
        "one = channel('slack'); one.settings_type; print('slack_sdk' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
