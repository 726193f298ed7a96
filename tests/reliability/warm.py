"""Everything that processes forked from here will need, done beforehand."""

import monitor.app
import monitor.discovery
import monitor.fetch.network
from monitor.notify import CHANNELS
from monitor.notify._http import tls
from rules import default_vocabulary, parse_rule
from tests.reliability import failpoints, program

__all__ = ["failpoints", "monitor", "program"]

parse_rule("集采", default_vocabulary())
tls()
for _channel in ("telegram", "email", "webhook"):
    CHANNELS[_channel]
