"""Rules under names, as a person types and sees it."""

from pathlib import Path

from tests.cli.conftest import Command


def test_a_saved_rule_is_used_changed_listed_and_forgotten(command: Command) -> None:
    assert command("subscriptions", "pause", "1").returncode == 2  # nothing is there yet
    add = ("subscriptions", "add", "--subscriber", "li", "--channel", "console", "--name", "远程")
    assert command(*add, "省:安徽").returncode == 0
    saved = command("rules", "save", "我的", "审方 或 远程")
    assert (saved.returncode, saved.stdout) == (0, "已保存“我的”：审方 | 远程\n")
    assert command(*add, "省:安徽 @我的").returncode == 0
    changed = command("rules", "save", "我的", "远程审方", "--subscriber", "li")
    assert "用到它的也随之改变：远程" in changed.stdout
    listed = command("rules", "saved").stdout.splitlines()
    assert [line.split() for line in listed] == [
        ["名称", "规则", "用于", "来自"],
        ["@我的", "远程审方", "远程", "cli"],
    ]
    refused = command("rules", "forget", "我的")
    assert (refused.returncode, refused.stderr) == (2, "“我的”还在使用，不能删除：远程\n")
    assert command("subscriptions", "pause", "1").returncode == 0
    assert command("rules", "forget", "我的").returncode == 0
    resumed = command("subscriptions", "resume", "1")
    assert resumed.returncode == 2
    assert "没有保存过叫“我的”的规则\n  省:安徽 @我的\n          ^^^^^" in resumed.stderr


def test_a_rule_is_tried_with_the_saved_rules_of_whoever_is_named(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    config = path.read_text("utf-8").replace(
        "    subscriptions: [",
        "    saved_rules: {审方: 远程审方}\n    subscriptions: [{rule: '省:安徽 @审方'}, ",
    )
    path.write_text(config, "utf-8")
    assert command("check", "samples").returncode == 0
    tried = command("rules", "test", "省:安徽 @审方")
    assert "规则：省:安徽 @审方" in tried.stdout
    assert "会发送 1 条" in tried.stdout
    assert "✓" in command("rules", "explain", "@审方", "5", "--subscriber", "demo").stdout
    wrong = command("rules", "test", "@审放")
    assert wrong.returncode == 2
    assert "是不是“@审方”？\n  @审放\n  ^^^^^" in wrong.stderr
    unknown = command("rules", "saved", "--subscriber", "wang")
    assert (unknown.returncode, unknown.stderr) == (2, "没有订阅人 wang，已有的是：demo\n")
    refused = command("rules", "save", "审方", "集采")
    assert (refused.returncode, refused.stderr) == (2, "“审方”写在配置文件里，请在那里修改\n")


def test_a_mistake_in_a_saved_rule_of_the_configuration_has_its_place(
    command: Command, tmp_path: Path
) -> None:
    path = tmp_path / "config.yaml"
    config = path.read_text("utf-8").replace(
        "    subscriptions: [",
        "    saved_rules: {甲: '@乙', 乙: '@甲', 丙 丁: 集采}\n    subscriptions: [{rule: '@丁'}, ",
    )
    path.write_text(config, "utf-8")
    result = command("rules", "saved")
    assert result.returncode == 2
    for place, sentence in (
        ("saved_rules.甲", "引用了它自己"),
        ("saved_rules.丙 丁", "不能作规则的名称"),
        ("subscriptions.0.rule", "没有保存过叫“丁”的规则"),
    ):
        assert any(place in line and sentence in line for line in result.stderr.splitlines()), result.stderr
