"""Why something was not done, in words that the person reads.

The docstring of a refusal is the message on the screen. `status` is what HTTP says; `code` is what
programs read on the socket.
"""

from __future__ import annotations

from typing import ClassVar


class Refused(Exception):
    """This was not done. What you wrote is still here."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    leads_to: str = ""
    """Where somebody who opens a page is sent instead of being told, if anywhere."""

    def __init__(self, message: str | None = None) -> None:
        self.message = message or " ".join((type(self).__doc__ or "").split())
        super().__init__(self.message)


class NotFound(Refused):
    """Page not found. If you think you should be able to see this, ask the huddle chair or your
    safeguarding lead."""

    code = "not_found"
    status = 404


class Barred(Refused):
    """Somebody whom you chose is excluded from this record. Nothing was recorded. Choose somebody else."""

    code = "barred"


class KeyReused(Refused):
    """This was already sent with other words or to other people. Nothing was recorded the second time.
    What you wrote is still here: read it, then send it again."""

    code = "key_reused"


class Reauth(Refused):
    """You have been signed out because you did not use the service for a while. What you wrote is still
    here. Sign in to send it."""

    code = "reauth"
    status = 401


class Unavailable(Refused):
    """This line is not saved yet. We will keep trying. Do not close this page."""

    code = "unavailable"
    status = 503


class TooMuchFollowed(Refused):
    """This was not recorded, because too much followed from it. We have told the service team."""

    code = "too_much_followed"
    status = 500


class Malformed(Refused):
    """This message could not be read. Nothing was recorded."""

    code = "malformed"
    status = 400


class TooLarge(Refused):
    """This is too long to record as one entry. Write down what matters, then send it again."""

    code = "too_large"
    status = 413


class TooFast(Refused):
    """That was sent too quickly. Wait a few seconds, then send it again."""

    code = "too_fast"
    status = 429


class Incomplete(Refused):
    """There is a problem with what was entered."""

    code = "incomplete"
    status = 422

    def __init__(self, **problems: str) -> None:
        self.problems = problems
        super().__init__(" ".join(problems.values()))
