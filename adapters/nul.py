"""NUL, the one character that a database's text cannot hold: another stands in its place, whoever sends it."""


def without_nul(body: bytes) -> bytes:
    r"""The same JSON with U+FFFD for NUL; a body with a raw NUL is no JSON, and is left for a decoder to say so.

    Escaped backslashes are put aside, so that ``\\u0000``, five letters behind a backslash, stays what it is.
    """
    if b"\\u0000" not in body or b"\0" in body:
        return body
    return body.replace(rb"\\", b"\0").replace(rb"\u0000", rb"\ufffd").replace(b"\0", rb"\\")
