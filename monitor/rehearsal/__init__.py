"""Trying a rule before it is saved, and explaining it afterwards; for the command line and for chats.

    recorded notices → Arrivals → rehearse → Rehearsal (how many, when, examples, what stood in the way)
    one notice       → Arrivals → judge    → Judgement (why it matched, or what failed first)

`sentences` puts the answers into words. Only `arrivals` and `arrivals_of` read the database.
"""

from monitor.rehearsal.arrivals import Arrival, arrivals, arrivals_of
from monitor.rehearsal.judge import Judgement, judge
from monitor.rehearsal.rehearse import Period, Rehearsal, Sending, rehearse
from monitor.rehearsal.suspects import Nearby, Suspect

__all__ = [
    "Arrival",
    "Judgement",
    "Nearby",
    "Period",
    "Rehearsal",
    "Sending",
    "Suspect",
    "arrivals",
    "arrivals_of",
    "judge",
    "rehearse",
]
