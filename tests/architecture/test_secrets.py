"""Secrets are compared in constant time: `==` tells an attacker how much of a guess was right."""

import ast

import pytest

from tests.architecture.house import ROOT, python_files

SECRET_WORDS = frozenset(
    {"secret", "token", "password", "passphrase", "signature", "digest", "hexdigest", "hmac", "mac", "csrf", "otp"}
)
DERIVED = frozenset({"hash", "key", "header", "bytes", "value"})  # `token_hash` and `secret_key` are as secret


def name_of(node: ast.expr) -> str:
    """What an expression is called where it is used: its last name."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=ast.Attribute(value=value, attr="get_secret_value" | "encode" | "decode" | "strip")):
            return name_of(value)
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_]):
            return key
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return key
        case ast.Call(func=function):
            return name_of(function)
        case ast.Await(value=value):
            return name_of(value)
        case _:
            return ""


def is_secret(node: ast.expr) -> bool:
    """Whether an expression's name says that it holds a secret."""
    parts = name_of(node).lower().replace("-", "_").split("_")
    if parts[-1] in DERIVED:
        parts.pop()
    return bool(parts) and parts[-1] in SECRET_WORDS


def is_fixed(node: ast.expr) -> bool:
    """Whether an expression asks only for presence or kind: nothing, an empty value, a number, a constant's name."""
    match node:
        case ast.Constant(value=value):
            return not value or not isinstance(value, str | bytes)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.isupper()
        case _:
            return False


def careless_comparisons(source: str) -> list[int]:
    """The lines that compare a secret with ``==`` or ``!=``."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare)
        and any(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops)
        and any(is_secret(side) for side in (node.left, *node.comparators))
        and not any(is_fixed(side) for side in (node.left, *node.comparators))
    ]


@pytest.mark.parametrize(
    "line",
    [
        "settings.secret == given",
        "given != request.headers['X-Bot-Api-Secret-Token']",
        "headers.get('X-Signature') == expected",
        "hashlib.sha256(body).hexdigest() == given",
        "session.token_hash == row.digest",
        "password == 'hunter2'",
        "settings.token.get_secret_value() == given",
    ],
)
def test_rule_finds_careless_comparisons(line: str) -> None:
    """A secret by any of its names is noticed."""
    assert careless_comparisons(line) == [1]


@pytest.mark.parametrize(
    "line",
    [
        "hmac.compare_digest(secret, given)",
        "token == ''",
        "secret is None",
        "token.kind == Kind.WORD",
        "token_count == 3",
        "secret != MISSING",
        "len(token) == size",
    ],
)
def test_rule_leaves_other_comparisons_alone(line: str) -> None:
    """Presence, kind and length may be asked for."""
    assert careless_comparisons(line) == []


def test_secrets_are_compared_in_constant_time() -> None:
    """No room that holds secrets compares them with ``==``."""
    found = {
        str(path): lines
        for path in python_files("gateway", "adapters", "config")
        if (lines := careless_comparisons((ROOT / path).read_text(encoding="utf-8")))
    }
    assert found == {}
