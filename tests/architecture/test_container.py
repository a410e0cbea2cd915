"""The container image is small, does not run as root, stops when told and says whether it is well."""

import pytest
from ruamel.yaml import YAML

from tests.architecture.dockerfile import complaints, instructions
from tests.architecture.house import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_dockerfile_is_sound() -> None:
    """Nothing that we ask of a Dockerfile is missing from ours."""
    assert complaints(DOCKERFILE) == []


@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        ("FROM python:3.11-slim-bookworm\nLABEL", "LABEL", "one stage"),
        (":3.11-slim-bookworm AS build", " AS build", "exact tag"),
        ("USER 10001:10001", "USER root", "USER"),
        ("USER 10001:10001", "USER 0:0", "USER"),
        ("USER 10001:10001\n", "", "USER"),
        ('CMD ["python", "-m", "gateway", "healthcheck"]', "CMD python -m gateway healthcheck", "HEALTHCHECK"),
        ('CMD ["pointsman", "run"]', "CMD pointsman run", "CMD"),
        ("COPY requirements.txt ./", "ADD requirements.txt ./", "ADD"),
        ("COPY --from=build /opt/pointsman /opt/pointsman", "COPY . .", "checkout"),
        ("--require-hashes ", "", "hashes"),
        ("VOLUME /data\n", "", "volume"),
    ],
)
def test_rules_notice(good: str, bad: str, complaint: str) -> None:
    """Each rule turns red when its line is spoilt."""
    assert good in DOCKERFILE
    assert any(complaint in found for found in complaints(DOCKERFILE.replace(good, bad)))


def test_build_context_has_what_is_copied() -> None:
    """`.dockerignore` lets in exactly what the Dockerfile copies."""
    let_in = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    copied = {
        source.rstrip("/")
        for step in instructions(DOCKERFILE)
        if step.name == "COPY" and "--from=" not in step.rest
        for source in step.rest.split()[:-1]
    }
    assert let_in == copied


def test_compose_starts_one_service_on_loopback() -> None:
    """`docker compose up` starts one service with one volume, reachable from this machine only."""
    compose = YAML(typ="safe").load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    (service,) = compose["services"].values()
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert {volume.partition(":")[0] for volume in service["volumes"]} & set(compose["volumes"]) == {"data"}
