"""What a person types and sees."""

import json
from pathlib import Path

from monitor.cli import CONTENTS
from monitor.types import Notice
from tests.cli.conftest import ROOT, Command

SAMPLE = str(ROOT / "samples" / "monthly-2026-10.txt")


def test_the_help_is_a_table_of_contents_in_either_language(command: Command) -> None:
    chinese, english = command("--help").stdout, command("--lang", "en", "--help").stdout
    for name, (_, purpose) in CONTENTS.items():
        assert name in chinese
        assert purpose in chinese
    assert "check sources and send alerts" in english


def test_a_mistyped_command_names_the_nearest(command: Command) -> None:
    result = command("chek")
    assert result.returncode == 2
    assert "check" in result.stderr


def test_one_round_tells_once_and_a_second_one_tells_nothing(command: Command) -> None:
    first, second = command("run", "--once"), command("run", "--once")
    assert first.returncode == second.returncode == 0
    assert "第十二批药品«集中带量采购»中选结果" in first.stdout
    assert "发送了 2 条消息" in first.stdout
    assert "127.0.0.1:9" in first.stdout
    assert "发送了 0 条消息" in second.stdout


def test_a_rehearsal_lists_what_would_be_new_and_keeps_nothing(command: Command) -> None:
    for _ in range(2):
        result = command("check", "samples", "--dry-run")
        assert result.returncode == 0
        assert "新  关于完善城乡居民“两病”门诊用药保障机制的通知" in result.stdout


def test_a_failing_source_shows_in_the_exit_status(command: Command) -> None:
    result = command("--lang", "en", "check", "nowhere")
    assert result.returncode == 1
    assert "no connection" in result.stdout


def test_a_mistyped_source_names_the_nearest(command: Command) -> None:
    result = command("check", "sampels")
    assert result.returncode == 2
    assert "samples" in result.stderr


def test_without_a_configuration_it_says_what_to_do(command: Command, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").unlink()
    result = command("run", "--once")
    assert result.returncode == 2
    assert "config.example.yaml" in result.stderr


def test_a_wrong_configuration_is_said_whole_with_status_2(command: Command, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("sorces: []\nlanguage: fr\n")
    result = command("check")
    assert result.returncode == 2
    assert "sources" in result.stderr
    assert "language (line 2)" in result.stderr


def test_a_database_that_cannot_be_used_ends_the_run_with_a_sentence(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "policy-monitor.db").write_bytes(b"this is no database" * 100)
    result = command("run", "--once")
    assert result.returncode == 1
    assert "policy-monitor.db" in result.stderr
    assert "Traceback" not in result.stderr


def test_parse_prints_records_that_read_back(command: Command) -> None:
    result = command("parse", SAMPLE, "--format", "jsonl")
    notices = [Notice.from_record(json.loads(line)) for line in result.stdout.splitlines()]
    assert len(notices) == 5
    assert [json.dumps(n.to_record(), ensure_ascii=False) for n in notices] == result.stdout.splitlines()


def test_parse_shows_a_table_and_says_its_warnings_aside(command: Command, tmp_path: Path) -> None:
    digest = Path(SAMPLE).read_text("utf-8")
    (tmp_path / "digest.txt").write_text(
        digest.replace("- 05 安徽省药品监督管理局", "- 05 安徽药监"), "utf-8"
    )
    result = command("parse", "digest.txt")
    assert "晋医保发〔2026〕903号" in result.stdout
    assert "安徽药监关于药品零售" in result.stderr


def test_parse_of_something_else_fails_with_a_sentence(command: Command, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    result = command("parse", "picture.png")
    assert result.returncode == 1
    assert "PNG" in result.stderr


def test_parse_of_an_unknown_layout_names_the_known_ones(command: Command) -> None:
    result = command("parse", SAMPLE, "--layout", "montly")
    assert result.returncode == 2
    assert "monthly" in result.stderr


def test_parse_of_a_challenge_page_is_blocked(command: Command, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        "<html><head><script>$_ts=window['$_ts'];$_ts.cd='x';</script></head><body></body></html>"
    )
    result = command("parse", "page.html", "--as", "detail")
    assert result.returncode == 3
    assert "blocked" in result.stderr


def test_parse_reads_a_list(command: Command, tmp_path: Path) -> None:
    rows = "".join(
        f'<li><a href="/{n}.html">关于第{n}批集中带量采购的通知</a><span>2026-11-0{n}</span></li>'
        for n in (1, 2, 3)
    )
    (tmp_path / "list.html").write_text(f"<html><body><ul>{rows}</ul></body></html>")
    options = ("--as", "list", "--base-url", "https://example.gov.cn/x/", "--format", "jsonl")
    *found, last = map(json.loads, command("parse", "list.html", *options).stdout.splitlines())
    assert found[0] == {
        "title": "关于第1批集中带量采购的通知",
        "date": "2026-11-01",
        "url": "https://example.gov.cn/1.html",
    }
    assert last == {"next_url": None}


def test_what_was_done_can_be_looked_at(command: Command) -> None:
    command("run", "--once")
    assert "医保办发〔2026〕901号" in command("notices", "集中带量采购").stdout
    assert "各省、自治区、直辖市" in command("notices", "--id", "1").stdout
    assert "samples" in command("sources").stdout
    assert "demo" in command("deliveries").stdout
    assert "集中带量采购" in command("deliveries", "show", "1").stdout
    assert command("deliveries", "retry", "1").returncode == 2
    assert command("notices", "--id", "99").returncode == 1


def test_subscriptions_are_added_paused_and_resumed(command: Command) -> None:
    added = command("subscriptions", "add", "省:安徽 审方", "--subscriber", "li", "--channel", "console")
    assert added.returncode == 0
    assert "省:安徽 审方" in command("subscriptions").stdout
    assert command("subscriptions", "pause", "1").returncode == 0
    assert "暂停" in command("subscriptions").stdout
    assert command("subscriptions", "resume", "1").returncode == 0
    result = command("run", "--once")
    assert "远程审方" in result.stdout


def test_a_mistyped_rule_is_shown_with_its_place(command: Command) -> None:
    result = command("subscriptions", "add", "省:山西x 集采", "--subscriber", "li", "--channel", "console")
    assert result.returncode == 2
    assert "山西" in result.stderr
    assert "^^^" in result.stderr


def test_a_channel_that_is_not_set_up_is_refused(command: Command) -> None:
    result = command("subscriptions", "add", "集采", "--subscriber", "li", "--channel", "telegram")
    assert result.returncode == 2
    assert "console" in result.stderr


def test_the_check_up_finds_what_is_wrong(command: Command) -> None:
    result = command("doctor")
    assert result.returncode == 1
    assert "✓ 来源 samples" in result.stdout
    assert "✗ 来源 nowhere" in result.stdout


def test_a_database_is_copied_and_put_back(command: Command) -> None:
    command("run", "--once")
    assert command("db", "backup", "copy.db").returncode == 0
    assert command("db", "backup", "copy.db").returncode == 1
    assert command("db", "restore", "copy.db", "--yes").returncode == 0
    assert "发送了 0 条消息" in command("run", "--once").stdout


def test_the_vocabulary_explains_a_term_without_a_configuration(command: Command, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").unlink()
    result = command("vocabulary", "explain", "集采")
    assert result.returncode == 0
    assert "集中带量采购" in result.stdout


def test_an_own_vocabulary_counts_in_reading_and_in_matching(command: Command, tmp_path: Path) -> None:
    (tmp_path / "words.yaml").write_text(
        "synonyms:\n  远程审方: {aliases: [云审方], why: 我们这样叫}\n", encoding="utf-8"
    )
    config = (tmp_path / "config.yaml").read_text("utf-8").replace("rule: 集采", "rule: 云审方")
    (tmp_path / "config.yaml").write_text(f"vocabulary: [words.yaml]\n{config}", "utf-8")
    assert "远程审方" in command("run", "--once").stdout


def test_a_destination_is_listed_tried_and_switched_on_again(command: Command) -> None:
    command("run", "--once")
    assert "console" in command("destinations").stdout
    tried = command("destinations", "test", "1")
    assert tried.returncode == 0
    assert "试验消息" in tried.stdout
    assert command("destinations", "activate", "1").returncode == 0
    assert command("destinations", "activate", "99").returncode == 2
