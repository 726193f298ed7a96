"""The archive at the command line."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from monitor.storage import Storage
from tests.cli.conftest import Command
from tests.making import NOW


def test_pages_are_listed_saved_and_read_again(command: Command, tmp_path: Path) -> None:
    assert command("check", "samples").returncode == 0
    listed = command("pages", "--source", "samples").stdout.splitlines()
    number = next(line.split()[0] for line in listed if "monthly" in line)
    assert command("pages", "save", number, "page.txt").returncode == 0
    (sample,) = (tmp_path / "page.txt").read_text("utf-8").splitlines()[:1]
    assert sample
    again = command("parse", "--archived", number)
    assert again.returncode == 0
    assert "晋医保发〔2026〕903号" in again.stdout


def test_reading_a_recorded_notice_again_shows_what_comes_out_otherwise(
    command: Command, tmp_path: Path
) -> None:
    command("check", "samples")
    assert "与记录相同" in command("pages", "reparse", "1").stdout
    with closing(Storage(f"sqlite:///{tmp_path / 'policy-monitor.db'}")) as storage, storage.begin() as tx:
        (revision,) = tx.notices.revisions(1)
        older = replace(revision.notice, doc_number="晋医保发〔2026〕1号")  # as an older program took it down
        tx.notices.revise(1, older, [], corrected=True, now=NOW)
    shown = command("pages", "reparse", "1").stdout.splitlines()
    assert [line.split()[0] for line in shown[1:]] == ["doc_number"]


def test_mistyped_ids_are_told(command: Command) -> None:
    command("check", "samples")
    assert command("parse", "--archived", "99999").returncode == 2
    missing = command("pages", "reparse", "99999")
    assert missing.returncode == 1
    assert "99999" in missing.stderr


def test_a_file_that_exists_is_not_overwritten(command: Command, tmp_path: Path) -> None:
    command("check", "samples")
    (tmp_path / "precious").write_text("precious")
    assert command("pages", "save", "1", "precious").returncode == 1
    assert (tmp_path / "precious").read_text() == "precious"
