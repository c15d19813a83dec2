"""A fact as one line of the record: what an agency knows, or a sentence about what happened."""

from __future__ import annotations

from collections.abc import Mapping

from server.families import when
from server.families.behalf_facts import WordsConfirmed, WordsDisputed
from server.families.facts import (
    FragmentContributed,
    FragmentCorrected,
    FragmentWithdrawn,
    RestrictionSignposted,
)
from server.families.fragments import Fragment
from server.families.labels import BASES, BEARINGS, CONFIDENCES, DOMAINS
from server.families.sentences import SENTENCES, Names, Sentence, sentence
from server.families.state import FamilyState
from server.families.views import CorrectionView, LineView, person_view
from server.people.state import PartnershipState
from server.record.facts import SYSTEM, Entry, Fact, Ref


def line_view(
    entry: Entry,
    family: FamilyState,
    partnership: PartnershipState,
    sentences: Mapping[type[Fact], Sentence] = SENTENCES,
) -> LineView:
    """The line of one fact, as the family stands: with its corrections, if it was corrected since."""
    fragment = family.fragments.get(entry.ref)
    if fragment is not None and isinstance(entry.fact, FragmentContributed):
        return fragment_view(fragment, family, partnership)
    told = sentence(Names(entry, family, partnership), sentences)
    return LineView(
        id=line_id(family, entry.ref),
        stream=entry.stream,
        seq=entry.seq,
        kind="event",
        at=entry.at,
        author=None if entry.author == SYSTEM else person_view(partnership, entry.author),
        restricted_to=restricted_to(family, partnership, entry.stream),
        signpost=isinstance(entry.fact, RestrictionSignposted),
        sentence=told.words,
        look=told.look,
        aloud=told.aloud,
    )


def fragment_view(fragment: Fragment, family: FamilyState, partnership: PartnershipState) -> LineView:
    """What an agency knows, with all of its trace."""
    said = fragment.said
    return LineView(
        id=line_id(family, fragment.ref),
        stream=fragment.stream,
        seq=fragment.seq,
        kind="fragment",
        at=fragment.at,
        author=person_view(partnership, fragment.author),
        restricted_to=restricted_to(family, partnership, fragment.stream),
        domain=said.domain,
        domain_label=DOMAINS[said.domain],
        basis=said.basis,
        basis_label=BASES[said.basis],
        bearing=said.bearing,
        bearing_label=BEARINGS[said.bearing],
        text=said.text,
        about=tuple(family.name_of(member) for member in said.about),
        happened=said.happened,
        happened_label=when.words(said.happened, said.precision),
        late=when.is_late(said.happened, fragment.at, partnership.zone),
        confidence=said.confidence,
        confidence_label=CONFIDENCES[said.confidence],
        verbatim=said.verbatim,
        voice_of=family.name_of(said.voice_of) if said.voice_of else "",
        corrections=tuple(CorrectionView(c.text, c.reason, c.at) for c in fragment.corrections),
        withdrawn=fragment.withdrawn.reason if fragment.withdrawn else "",
        withdrawn_at=fragment.withdrawn.at if fragment.withdrawn else None,
        recorded_by=person_view(partnership, fragment.recorded_by).name if fragment.recorded_by else "",
        confirmed_at=fragment.confirmed,
        disputed=fragment.disputed,
    )


def line_id(family: FamilyState, ref: Ref) -> str:
    """The id of the line's element."""
    where = "main" if ref.stream == family.book else ref.stream[:12]
    return f"line-{where}-{ref.seq}"


def restricted_to(family: FamilyState, partnership: PartnershipState, stream: str) -> tuple[str, ...]:
    people = family.compartments.get(stream, ())
    return tuple(sorted(person_view(partnership, person).name for person in people))


def touched(entry: Entry) -> Ref | None:
    """The earlier line that a fact changes, if it changes one."""
    if isinstance(entry.fact, FragmentCorrected | FragmentWithdrawn | WordsConfirmed | WordsDisputed):
        return Ref(entry.stream, entry.fact.seq)
    return None
