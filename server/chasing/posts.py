"""Where mail goes: to the relay that the environment names; in the demonstration into its postbox."""

from __future__ import annotations

from email.message import EmailMessage

from server.chasing.post import Outcome, Smtp
from server.chasing.postbox import Postbox
from server.chasing.sending import Post
from server.record.store import Store
from server.settings import Settings


class NoRelay:
    """No relay is named: what is due stands on the page alone, and nothing comes here."""

    async def send(self, message: EmailMessage, to: str) -> Outcome:
        return Outcome("try_again")


def post_for(settings: Settings, store: Store) -> Post:
    """The relay, the demonstration's postbox, or nothing."""
    if settings.smtp_url is not None:
        return Smtp(settings.smtp_url.get_secret_value())
    return Postbox(store) if settings.demo else NoRelay()
