"""Pages as bytes → notices, and what could not be read on the way."""

import datetime as dt
from io import BytesIO
from zipfile import ZipFile

import pytest

from monitor.errors import ParseError
from monitor.reading import read_notices
from monitor.types import Page

NOTICE = "海棠省医疗保障局关于做好门诊工作的通知\n海医保发〔2031〕12号\n各市医疗保障局：\n现通知如下。\n"


def archive(**files: str) -> Page:
    out = BytesIO()
    with ZipFile(out, "w") as package:
        for name, text in files.items():
            package.writestr(f"{name}.txt", text)
    return Page(url="a.zip", body=out.getvalue(), fetched_at=dt.datetime(2031, 3, 8, tzinfo=dt.UTC))


def test_parts_of_an_archive_that_cannot_be_had_are_told_and_lose_no_other() -> None:
    reading = read_notices(archive(good=NOTICE, empty="", other="现场抽查了三十家。"))
    assert [notice.doc_number for notice in reading.notices] == ["海医保发〔2031〕12号"]
    unread, unparsed = reading.problems
    assert unread.startswith("无法读取（a.zip!/empty.txt: is empty")
    assert unparsed.startswith("无法解析（a.zip!/other.txt begins with")


def test_an_archive_without_any_notice_is_an_error_that_names_each_part() -> None:
    with pytest.raises(ParseError) as raised:
        read_notices(archive(one="现场抽查了三十家。", two="会议于上午结束。"))
    assert "one.txt" in str(raised.value)
    assert "two.txt" in str(raised.value)
