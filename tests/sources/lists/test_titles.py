"""Titles come out whole and without ornament."""

import pytest

from monitor.sources.lists.titles import best_title, is_generic


@pytest.mark.parametrize(
    ("visible", "attribute", "wanted"),
    [
        (
            "关于修订人血白蛋白…",
            "关于修订人血白蛋白说明书的公告（2025年第101号）",
            "关于修订人血白蛋白说明书的公告（2025年第101号）",
        ),
        ("关于印发目录（2025年版）", None, "关于印发目录（2025年版）"),
        ("特别提醒", "特别提醒", "特别提醒"),
        ("特别提醒", "点击查看", "特别提醒"),
        ("关于开展专项治理工作的通知", "通知", "关于开展专项治理工作的通知"),
        ("政务信息关于开展专项治理工作的通知", "关于开展专项治理工作的通知", "关于开展专项治理工作的通知"),
        ("关于开展专项治理工作的通知 NEW!", None, "关于开展专项治理工作的通知"),
        ("· 关于开展专项治理工作的通知", None, "关于开展专项治理工作的通知"),
        ("[政策文件] 关于开展专项治理工作的通知", None, "关于开展专项治理工作的通知"),
        ("【征求意见】关于目录的公告", None, "【征求意见】关于目录的公告"),
        ("关于开展专项治理工作的通知2026-01-02", None, "关于开展专项治理工作的通知"),
        ("关于开展专项治理工作的通知 [2026/01/02 10:30]", None, "关于开展专项治理工作的通知"),
        ("[2026-01-02] 关于开展专项治理工作的通知", None, "关于开展专项治理工作的通知"),
        ("截至2026年3月1日的集采药品名单", None, "截至2026年3月1日的集采药品名单"),
        ("2022年度部门预算", None, "2022年度部门预算"),
        ("关于公布&lt;em&gt;试点&lt;/em&gt;名单的通知", None, "关于公布试点名单的通知"),
        ("浓度<50mg/L的检测方法", None, "浓度<50mg/L的检测方法"),
        ("国家药监局  公安部\n\t国家卫生健康委公告", None, "国家药监局 公安部 国家卫生健康委公告"),
        ("标题：关于目录的公告", None, "关于目录的公告"),
        ("1. 关于目录的公告", None, "关于目录的公告"),
    ],
)
def test_the_title_is_the_fuller_of_both_and_clean(visible: str, attribute: str | None, wanted: str) -> None:
    assert best_title(visible, attribute) == wanted


@pytest.mark.parametrize("text", ["查看详情", "点击查看", "[详细]", "下载附件", "more>>", "查看"])
def test_some_texts_only_say_that_there_is_a_link(text: str) -> None:
    assert is_generic(text)


@pytest.mark.parametrize("text", ["特别提醒", "信息公开指南", "下载中心管理办法", "关于查看病历的通知"])
def test_real_titles_say_more(text: str) -> None:
    assert not is_generic(text)
