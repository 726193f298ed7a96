"""The same notice? And what changed?

Pure: notices in, decisions with their reasons out. One real-world document arrives from many places (its
agency's site, reprints, the contents and the text of source digests, a file dropped twice), with titles cut
or worded differently, numbers missing, written and published dates mixed up; and this year's notice differs
from last year's by one figure. When in doubt two notices are two: telling twice is a nuisance, not telling
is a loss.
"""

from monitor.identity.change import Change, change, says_the_same
from monitor.identity.judgement import Verdict, belongs, compare, keys

__all__ = ["Change", "Verdict", "belongs", "change", "compare", "keys", "says_the_same"]
