"""What the cast tells each other, and how they meet."""

from __future__ import annotations

from server.demo.scene import Act, Scene
from server.families import knowledge
from server.families.facts import Basis, Bearing, Confidence, Domain, Precision, Relevance
from server.huddles import behalf
from server.huddles import commands as huddles
from server.huddles.facts import Mode, Phase
from server.record.commands import Command


class Tells(Act, frozen=True, kw_only=True):
    """Contributes what an agency knows: to everybody, or only for some people or agencies."""

    domain: Domain
    basis: Basis
    bearing: Bearing
    text: str
    about: tuple[str, ...]
    happened: str = ""
    precision: Precision = "unknown"
    confidence: Confidence = "probable"
    voice: str = ""
    verbatim: bool = False
    only_for: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def command(self, scene: Scene) -> Command:
        return knowledge.Contribute(
            domain=self.domain,
            basis=self.basis,
            bearing=self.bearing,
            text=scene.calendar.words(self.text),
            about=scene.members(self.about),
            happened=scene.calendar.happened(self.happened),
            precision=self.precision,
            confidence=self.confidence,
            voice_of=scene.member(self.voice) if self.voice else "",
            verbatim=self.verbatim,
            only_for=self.only_for,
            named=self.named,
        )


class TellsFor(Tells, frozen=True, kw_only=True):
    """Writes down what somebody on the phone says."""

    person: str

    def command(self, scene: Scene) -> Command:
        return behalf.LineFor(
            huddle=scene.huddle,
            person=self.person,
            domain=self.domain,
            basis=self.basis,
            bearing=self.bearing,
            text=scene.calendar.words(self.text),
            about=scene.members(self.about),
            happened=scene.calendar.happened(self.happened),
            precision=self.precision,
            confidence=self.confidence,
        )


class Confirms(Act, frozen=True, kw_only=True):
    """Confirms as one's own what was written down, named by its code."""

    what: str

    def command(self, scene: Scene) -> Command:
        return behalf.ConfirmWords(huddle=scene.huddle, seq=scene.recorded[self.what].seq)


class Signposts(Act, frozen=True, kw_only=True):
    """Tells everybody that something restricted is held."""

    relevance: Relevance
    domain: Domain
    words: str
    contact: str

    def command(self, scene: Scene) -> Command:
        return knowledge.Signpost(
            relevance=self.relevance, domain=self.domain, words=self.words, contact=self.contact
        )


class Corrects(Act, frozen=True, kw_only=True):
    """Corrects one's own earlier contribution, named by its code."""

    what: str
    text: str
    reason: str

    def command(self, scene: Scene) -> Command:
        stands = scene.recorded[self.what]
        return knowledge.Correct(
            stream=stands.stream,
            seq=stands.seq,
            text=scene.calendar.words(self.text),
            reason=scene.calendar.words(self.reason),
        )


class Calls(Act, frozen=True, kw_only=True):
    """Calls a huddle. Whoever is not in the team is admitted for it, knowingly."""

    purpose: str
    starts: str
    minutes: int
    chair: str
    deputy: str
    scribe: str
    invited: tuple[str, ...]
    required: tuple[str, ...] = ()

    def command(self, scene: Scene) -> Command:
        return huddles.Convene(
            purpose=self.purpose,
            starts=scene.calendar.moment(self.starts),
            minutes=self.minutes,
            chair=self.chair,
            deputy=self.deputy,
            scribe=self.scribe,
            invited=self.invited,
            required=self.required,
            confirmed=(self.chair, self.deputy, self.scribe, *self.invited),
        )


class Joins(Act, frozen=True, kw_only=True):
    """Joins the huddle."""

    mode: Mode = "live"

    def command(self, scene: Scene) -> Command:
        return huddles.Join(huddle=scene.huddle, accepted=True, mode=self.mode)


class Moves(Act, frozen=True, kw_only=True):
    """Moves the huddle to another phase."""

    phase: Phase

    def command(self, scene: Scene) -> Command:
        return huddles.ChangePhase(huddle=scene.huddle, phase=self.phase)
