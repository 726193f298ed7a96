"""Real processes for a test to run and to kill; they start fast, since a server has the imports done."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.process import BaseProcess

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.crash"])


def start(work: Callable[..., object], *arguments: object) -> BaseProcess:
    """A process that does this work."""
    process = _CONTEXT.Process(target=work, args=arguments)
    process.start()
    return process
