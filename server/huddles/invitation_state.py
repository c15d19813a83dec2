"""What those who were invited answered."""

from __future__ import annotations

import immutables
import msgspec


class Answers(msgspec.Struct, frozen=True):
    """Who will come or came, and of those who sent apologies why they do not. The newest answer holds."""

    coming: frozenset[str] = frozenset()
    apologies: immutables.Map[str, str] = immutables.Map()

    def accepts(self, person: str) -> Answers:
        return Answers(self.coming | {person}, self.forgets(person).apologies)

    def apologises(self, person: str, reason: str) -> Answers:
        return Answers(self.coming - {person}, self.apologies.set(person, reason))

    def forgets(self, person: str) -> Answers:
        kept = self.apologies.delete(person) if person in self.apologies else self.apologies
        return Answers(self.coming - {person}, kept)
