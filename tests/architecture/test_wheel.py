"""What is built is complete: an installed Pointsman has every file that a checkout has."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.architecture.house import ROOMS, ROOT

LEFTOVERS = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")


def test_wheel_carries_every_file(tmp_path: Path) -> None:
    """Python, YAML, SQL, pages and pictures of all rooms are in the wheel, and no tests."""
    house, wheels = tmp_path / "house", tmp_path / "wheels"
    for room in ROOMS:
        shutil.copytree(ROOT / room, house / room, ignore=LEFTOVERS)
    for name in ("pyproject.toml", "requirements.in"):
        shutil.copy(ROOT / name, house / name)
    expected = {str(path.relative_to(house)) for room in ROOMS for path in (house / room).rglob("*") if path.is_file()}

    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", wheels, house],
        check=True,
        capture_output=True,
    )

    (wheel,) = wheels.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        built = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert built == expected
