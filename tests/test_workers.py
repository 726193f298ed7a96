"""Whose process is over."""

import socket
import time
from pathlib import Path

import pytest

from monitor.workers import is_dead, own_name
from tests.processes import start


def test_who_lives_is_not_dead() -> None:
    assert not is_dead(own_name())
    assert not is_dead(f"{own_name()}:one of its checks")


def test_a_killed_process_is_dead_even_before_its_parent_has_looked(tmp_path: Path) -> None:
    told = tmp_path / "name"
    process = start(_tell_and_wait, told)
    while not (told.exists() and told.read_text()):
        time.sleep(0.01)
    name = told.read_text()
    assert not is_dead(name)
    process.kill()
    time.sleep(0.2)
    assert is_dead(name)
    process.join()
    assert is_dead(f"{name}:one of its checks")


def _tell_and_wait(told: Path) -> None:
    told.write_text(own_name())
    time.sleep(60)


def test_a_number_that_is_used_again_is_another_process() -> None:
    host, machine, process, began = own_name().split(":")
    assert is_dead(f"{host}:{machine}:{process}:{int(began) - 1}")


@pytest.mark.parametrize("name", ["worker one", "{host}:1", "{host}:00000000:1:1", "{host}::1:", ""])
def test_of_other_machines_nothing_is_known(name: str) -> None:
    assert not is_dead(name.format(host=socket.gethostname()))
