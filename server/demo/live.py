"""What is told of the Rowes in the huddle itself, by the cast or by whoever plays them."""

from __future__ import annotations

from server.demo.scene import Act
from server.demo.story import CHILDREN, FAMILY
from server.demo.talk import Confirms, Corrects, Joins, Moves, Signposts, Tells, TellsFor

TOLD: tuple[Act, ...] = (
    Joins(code="joins hannah-pike", at="2026-03-19 14:12", who="hannah-pike", mode="phone"),
    Tells(
        code="F-09",
        at="2026-03-19 14:13",
        who="hannah-pike",
        domain="substance",
        basis="third_party",
        bearing="serious",
        confidence="uncorroborated",
        happened="2026-03-14",
        precision="day",
        about=("Kieran", *FAMILY),
        only_for=("denise-hallam", "owen-blake"),
        text="One source, not confirmed, says that drugs are sold from or near the address. The source is "
        "protected. Speak to me before you act on this.",
    ),
    Signposts(
        code="F-09 signpost",
        at="2026-03-19 14:13",
        who="hannah-pike",
        relevance="raises",
        domain="home",
        words="Speak to me before you plan a visit to the address.",
        contact="DS Hannah Pike",
    ),
    Tells(
        code="F-10",
        at="2026-03-19 14:14",
        who="hannah-pike",
        domain="home",
        basis="record_extract",
        bearing="serious",
        confidence="confirmed",
        happened="2026-02-11",
        precision="day",
        about=("Kieran", *FAMILY),
        text="We attended two incidents: a verbal argument on {day:2025-11-30}, and on {day:2026-02-11} "
        "Kieran pushed Tamsin and smashed her phone. Until {d:2026-03-27} he is on bail not to go to "
        "the address or contact her.",
    ),
    Tells(
        code="F-11",
        at="2026-03-19 14:16",
        who="grace-lindqvist",
        domain="emotional",
        basis="record_extract",
        bearing="concern",
        confidence="confirmed",
        happened="2026-03-05",
        precision="day",
        about=("Tamsin",),
        named=("agency:NCH", "agency:NCS"),
        text="The GP recorded a depression score of 17 for Tamsin on {day:2026-03-05}. She had no "
        "thoughts of harming herself or the baby.",
    ),
    Signposts(
        code="F-11 signpost",
        at="2026-03-19 14:16",
        who="grace-lindqvist",
        relevance="raises",
        domain="health",
        words="Speak to me before you next see the family.",
        contact="Grace Lindqvist",
    ),
    Corrects(
        code="N-01 corrected",
        at="2026-03-19 14:18",
        who="sam-whitlock",
        what="N-01",
        text="We have searched again, by address. We hold a neighbour's report, a repairs visit and a lock "
        "change that was not done. I am adding each of them.",
        reason="On {day:2026-03-18} we searched the name and not the address.",
    ),
    Tells(
        code="F-02",
        at="2026-03-19 14:18",
        who="sam-whitlock",
        domain="home",
        basis="third_party",
        bearing="concern",
        happened="2026-02-26T23:40",
        precision="exact",
        about=FAMILY,
        text="A neighbour told us that on {d:2026-02-26} from 11:40pm a man and a woman were shouting and a "
        "baby was crying, for about 30 minutes. The neighbour did not call the police. We keep the name.",
    ),
    Tells(
        code="F-03",
        at="2026-03-19 14:19",
        who="sam-whitlock",
        domain="home",
        basis="third_party",
        bearing="concern",
        confidence="uncorroborated",
        happened="2026-02-27T10:40",
        precision="exact",
        about=("Tamsin", "Remi", "Kieran"),
        text='Our repairs operative says that on {d:2026-02-27} a man who said he was "Kier" let him in. '
        "Tamsin was asleep and Remi was in the bouncer.",
    ),
    Tells(
        code="F-15",
        at="2026-03-19 14:20",
        who="leo-marsh",
        domain="emotional",
        basis="professional_opinion",
        bearing="protective",
        happened="2026-03-19",
        precision="day",
        about=("Tamsin",),
        text="Tamsin told me about the lapse herself and asked for help. In my opinion the plan can build on "
        "that.",
    ),
    Tells(
        code="F-16",
        at="2026-03-19 14:22",
        who="priya-nair",
        domain="parenting",
        basis="reported_by_adult",
        bearing="protective",
        happened="2026-03-19",
        precision="day",
        about=("Jean", *CHILDREN),
        text="Jean says that she will stay overnight with the children if she is asked.",
    ),
    Tells(
        code="F-21",
        at="2026-03-19 14:25",
        who="sam-whitlock",
        domain="housing",
        basis="record_extract",
        bearing="concern",
        confidence="confirmed",
        happened="2026-03-19",
        precision="day",
        about=("Tamsin",),
        text='Tamsin asked for her locks to be changed on {day:2026-02-13}. The job was ended as "no '
        'access", so '
        "the locks are the same. She owes £1,140 in rent, and no possession date is set.",
    ),
    Moves(
        code="phase gaps_and_requests",
        at="2026-03-19 14:28",
        who="denise-hallam",
        phase="gaps_and_requests",
    ),
    TellsFor(
        code="F-20",
        at="2026-03-19 14:30",
        who="cal-moss",
        person="hannah-pike",
        domain="home",
        basis="record_extract",
        bearing="serious",
        confidence="confirmed",
        happened="2026-02-26",
        precision="day",
        about=FAMILY,
        text="We hold no record of a call about the night of {d:2026-02-26}. What the neighbour heard "
        "would be the third incident.",
    ),
    Confirms(code="confirms F-20", at="2026-03-19 14:32", who="hannah-pike", what="F-20"),
    Moves(code="phase blind_judgement", at="2026-03-19 14:33", who="denise-hallam", phase="blind_judgement"),
)
