"""Titles as printed, without the spaces of their layout."""

import pytest

from monitor.parsing.text import tidy_title


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("国家药监局 海关总署关于进口 药品的公告", "国家药监局 海关总署关于进口药品的公告"),
        (
            "国家卫生健康委办公厅 国家中医药局综合司关于印发方案的通知",
            "国家卫生健康委办公厅 国家中医药局综合司关于印发方案的通知",
        ),
        (
            "国家中医药局综合司 国家卫生健康委办公厅关于印发方案的通知",
            "国家中医药局综合司 国家卫生健康委办公厅关于印发方案的通知",
        ),
    ],
)
def test_the_space_between_two_agencies_stays(printed: str, title: str) -> None:
    assert tidy_title(printed) == title


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("国家药监局 综合司关于 征求意见的函", "国家药监局综合司关于征求意见的函"),
        ("国家药监局综 合司关于征求意见的函", "国家药监局综合司关于征求意见的函"),
        ("国家卫生健康委 办公厅关于 CAR-T 治疗的通知", "国家卫生健康委办公厅关于CAR-T治疗的通知"),
    ],
)
def test_a_space_inside_a_name_is_a_layouts(printed: str, title: str) -> None:
    assert tidy_title(printed) == title
