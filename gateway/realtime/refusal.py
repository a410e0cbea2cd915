"""Why a page does not get what it asks for."""


class Refusal(Exception):
    """A frame that is refused; ``code`` is for programs."""

    __match_args__ = ("code",)

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
