"""Trying and explaining rules, as a person types and sees it."""

import datetime as dt
import re
import shlex
import shutil
from pathlib import Path

import pytest

from monitor.cli.terminal import ZONE
from monitor.storage import Storage
from tests.cli.conftest import ROOT, Command, command_in
from tests.making import a_notice

SAMPLE = str(ROOT / "samples" / "monthly-2026-10.txt")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that has the notices of the sample digest."""
    folder = tmp_path_factory.mktemp("archive")
    assert command_in(folder)("check", "samples").returncode == 0
    return folder / "policy-monitor.db"


@pytest.fixture
def recorded(command: Command, archive: Path, tmp_path: Path) -> Command:
    """The command where the notices of the sample digest are recorded."""
    shutil.copy(archive, tmp_path)
    return command


def test_a_rule_is_tried_on_what_is_recorded(recorded: Command) -> None:
    result = recorded("rules", "test", "集采")
    assert result.returncode == 0
    assert "的 5 份公文，会发送 2 条" in result.stdout
    assert "· 集采 · 标题：国家医疗保障局办公室关于做好第十二批药品«集中带量采购»中选" in result.stdout
    assert result.stderr == ""


def test_a_rule_is_shown_as_it_was_understood(recorded: Command) -> None:
    result = recorded("rules", "test", "province：国家 或 province：山西 集采")
    assert "规则：省:国家 | (省:山西 集采)" in result.stdout


def test_more_messages_than_wanted_are_warned_about(recorded: Command, tmp_path: Path) -> None:
    assert "太多" not in recorded("rules", "test", "集采").stdout
    with (tmp_path / "config.yaml").open("a", encoding="utf-8") as config:
        config.write("rules: {too_many: 1}\n")
    assert "超过 1 条" in recorded("rules", "test", "集采").stdout
    assert "超过 0 条" in recorded("rules", "test", "集采", "--most", "0").stdout


def test_a_rule_that_never_matches_names_the_condition_and_what_would_have(recorded: Command) -> None:
    result = recorded("rules", "test", "省:山西 集踩")
    assert result.returncode == 0
    assert "一条也不会发送" in result.stdout
    assert "问题在“集踩”" in result.stdout
    assert "“集采” 1 条" in result.stdout


def test_a_longer_time_is_drawn_day_by_day_or_week_by_week(recorded: Command, tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path / 'policy-monitor.db'}")
    now = dt.datetime.now(dt.UTC)
    with storage.begin() as tx:
        for days, count in ((3, 4), (60, 1)):
            for number in range(count):
                when = now - dt.timedelta(days)
                tx.notices.add(a_notice(), [f"{days}/{number}"], baseline=False, now=when)
    storage.close()
    daily = recorded("rules", "test", "集采", "--since", "14d").stdout
    assert "的 9 份公文，会发送 6 条：平均每天 1.5 条，最多的一天 4 条" in daily
    assert [line.count("█") for line in daily.splitlines() if line[:2] == "20" and "█" in line] == [40, 20]
    weekly = recorded("rules", "test", "集采", "--since", "12w", "--examples", "0").stdout
    assert [line.count("█") for line in weekly.splitlines() if "█" in line] == [7, 40]
    assert "例子" not in weekly


def test_a_mistyped_rule_is_shown_with_its_place(recorded: Command) -> None:
    for arguments in (("test", "省:山西x 集采"), ("explain", "省:山西x 集采", "1")):
        result = recorded("rules", *arguments)
        assert result.returncode == 2
        assert "省:山西x 集采\n     ^^^^^" in result.stderr


def test_a_time_that_is_none_is_refused(recorded: Command) -> None:
    for time in ("90", "99999999999999d"):
        result = recorded("rules", "test", "集采", "--since", time)
        assert result.returncode == 2
        assert "90d" in result.stderr
        assert "Traceback" not in result.stderr


def test_an_empty_archive_says_so(command: Command) -> None:
    result = command("rules", "test", "集采")
    assert result.returncode == 1
    assert "还没有记录任何公文" in result.stderr


def test_a_time_without_notices_says_so(command: Command, tmp_path: Path) -> None:
    assert command("db", "upgrade").returncode == 0
    storage = Storage(f"sqlite:///{tmp_path / 'policy-monitor.db'}")
    with storage.begin() as tx:
        long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(100)
        tx.notices.add(a_notice(), ["key"], baseline=False, now=long_ago)
    storage.close()
    result = command("rules", "test", "集采")
    assert result.returncode == 1
    assert "--since" in result.stderr
    assert "会发送 1 条" in command("rules", "test", "集采", "--since", "101d").stdout


def test_a_file_that_is_not_recorded_is_tried_without_a_configuration(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "config.yaml").unlink()
    result = command("rules", "test", "征求意见:是", "--file", SAMPLE)
    assert result.returncode == 0
    assert "的 5 份公文，会发送 1 条" in result.stdout
    assert not (tmp_path / "policy-monitor.db").exists()


def test_a_file_that_cannot_be_read_is_a_sentence(command: Command) -> None:
    for arguments in (("test", "集采"), ("explain", "集采", "1")):
        result = command("rules", *arguments, "--file", "absent.pdf")
        assert result.returncode == 1
        assert "absent.pdf" in result.stderr
        assert "Traceback" not in result.stderr


def test_a_match_is_explained_by_its_hits(recorded: Command) -> None:
    result = recorded("rules", "explain", "省:山西 集采", "4")
    assert result.returncode == 0
    assert "✓ 4" in result.stdout
    assert "· 集采 · 正文：一、将«集中带量采购»中选" in result.stdout
    assert "· 省份 «山西»" in result.stdout


def test_the_first_condition_that_failed_is_named_with_what_was_met(recorded: Command) -> None:
    result = recorded("rules", "explain", "集采 省:山西", "1")
    assert result.returncode == 0
    assert "✗ 1" in result.stdout
    assert "“省:山西”不符：通知是国家" in result.stdout
    assert "«集中带量采购»" in result.stdout


def test_an_unknown_notice_is_said_with_status_1(recorded: Command) -> None:
    for arguments in (("99",), ("99", "--file", SAMPLE)):
        result = recorded("rules", "explain", "集采", *arguments)
        assert result.returncode == 1
        assert "99" in result.stderr


def test_without_a_notice_or_a_file_there_is_nothing_to_explain(recorded: Command) -> None:
    result = recorded("rules", "explain", "集采")
    assert result.returncode == 2
    assert "--file" in result.stderr


def test_every_notice_of_a_file_is_explained_or_one_of_them(command: Command) -> None:
    assert verdicts(command("rules", "explain", "集采", "--file", SAMPLE).stdout) == "✓1 ✗2 ✗3 ✓4 ✗5"
    assert verdicts(command("rules", "explain", "集采", "2", "--file", SAMPLE).stdout) == "✗2"


def verdicts(printed: str) -> str:
    """Each notice's mark and number."""
    return " ".join(line[0] + line[2] for line in printed.splitlines() if line.startswith(("✓", "✗")))


def test_an_own_vocabulary_counts(command: Command, tmp_path: Path) -> None:
    (tmp_path / "words.yaml").write_text(
        "synonyms:\n  远程审方: {aliases: [云审方], why: 我们这样叫}\n", encoding="utf-8"
    )
    config = (tmp_path / "config.yaml").read_text("utf-8")
    (tmp_path / "config.yaml").write_text(f"vocabulary: [words.yaml]\n{config}", "utf-8")
    assert "会发送 1 条" in command("rules", "test", "云审方", "--file", SAMPLE).stdout


def test_the_guide_shows_what_the_commands_print(recorded: Command, tmp_path: Path) -> None:
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    guide = (ROOT / "docs" / "howto" / "rules.md").read_text("utf-8")
    today = dt.datetime.now(ZONE).date().isoformat()
    examples = re.findall(
        r"^```console\n\$ policy-monitor (.*?)\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL
    )
    assert len(examples) > 5
    for line, shown in examples:
        result = recorded(*shlex.split(line))
        assert (result.stdout + result.stderr).replace(today, "2026-11-22") == shown, line
