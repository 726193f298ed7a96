"""A worker's name, by which others on the same machine know that its process is dead.

What a killed process held would otherwise be waited for until its lease runs out. A name holds the machine
since its start and the namespace of process numbers (so that containers and machines of one name are told
apart), the process, and when that began (numbers of processes are used again). Where the system does not say
(no /proc), nobody is known to be dead, and leases run out.
"""

import os
import re
import socket
import zlib
from functools import cache
from pathlib import Path

_PROC = Path("/proc")
_NAME = re.compile(r"[^:]*:(?P<machine>[0-9a-f]{8}):(?P<process>\d+):(?P<began>\d+)(:.*)?")
_DEAD = ("Z", "X")  # ended; only its parent has not asked for the status yet


def own_name() -> str:
    """The name of this process as a worker: `host:machine:process:began`."""
    return _name(os.getpid())  # of which a fork has another


def is_dead(worker: str) -> bool:
    """Whether the process of this worker ran on this machine and is over. A name may go on after a colon."""
    named = _NAME.fullmatch(worker)
    if named is None or named["machine"] != _machine():
        return False
    return _began(int(named["process"])) != named["began"]


@cache
def _name(process: int) -> str:
    return f"{socket.gethostname()}:{_machine() or ''}:{process}:{_began(process) or ''}"


@cache
def _machine() -> str | None:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_bytes()
        namespace = (_PROC / "self/ns/pid").readlink()
    except OSError:
        return None
    return f"{zlib.crc32(boot + bytes(namespace)):08x}"


def _began(process: int) -> str | None:
    """When it began, in ticks of the system's clock; None where there is no such process any more."""
    try:
        status = (_PROC / str(process) / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    state, *fields = status.rpartition(")")[2].split()  # the name before it may hold anything
    return None if state in _DEAD else fields[18]  # the 22nd of all, says proc(5)
