"""The widget's files: the sentences that it says, and a small loader that names whom it speaks to."""

import gzip
import re

from tests.gateway.web.page_files import KEY, WEB, catalogue, stem, written_in

WIDGET = WEB / "widget"
LOADER_LIMIT = 5 * 1024


def test_sentences_are_used_and_exist() -> None:
    """Each sentence is said by the code, and the code says none that does not exist."""
    code = written_in(*WIDGET.glob("*.mjs"))
    known = {stem(key) for key in catalogue("widget/locales")}
    families = {key.split(".")[0] for key in known}
    said = {key for key in KEY.findall(code) if key.split(".")[0] in families}
    by_code = {f"error.{name}" for name in ("too_large", "empty_file", "bad_type", "upload")}  # put together by `fail`
    assert said - known == set()
    assert known - said - by_code == set()


def test_loader_is_small() -> None:
    """What every page of a site loads is at most 5 KB, compressed."""
    assert len(gzip.compress((WIDGET / "loader.js").read_bytes(), 9)) <= LOADER_LIMIT


def test_loader_never_posts_to_everybody() -> None:
    """Messages between page and frame name their target."""
    for name in ("loader.js", "host.mjs", "popout.mjs"):
        assert not re.search(r"""postMessage\([^)]*["'`]\*""", (WIDGET / name).read_text(encoding="utf-8"))
