"""The words of an alert, in Chinese and English. Data only: `compose` puts them in order."""

from collections.abc import Mapping

ZH: Mapping[str, str] = {
    "list": "、",
    "comma": "，",
    "and_more": "等 {n} 个",
    "bracket": "【{}】",
    "quoted": "「{}」",
    "aside": "（{}）",
    "label": "{}：",
    "mark_consultation": "征求意见",
    "mark_revised": "修订",
    "mark_listed": "仅列目录",
    "mark_repeat": "可能重复",
    "others": "等",
    "deadline": "意见截止",
    "written_date": "成文",
    "published_date": "发布",
    "effective_date": "施行",
    "expiry_date": "有效期至",
    "category": "类别",
    "keywords": "关键字",
    "attachments": "附件",
    "source": "来源",
    "page": "第 {} 页",
    "why": "为什么提醒您",
    "alias": "即“{}”",
    "more_reasons": "另有 {n} 处",
    "more_hits": "另有 {n} 项订阅也命中",
    "today": "今天截止",
    "tomorrow": "明天截止",
    "days_left": "还有 {n} 天",
    "days_over": "已过 {n} 天",
    "weekdays": "周一 周二 周三 周四 周五 周六 周日",
    "deadline_short": "（{} 截止）",
    "note_revised": "修订：与上次提醒时的内容不同（第 {n} 版）",
    "note_late": "迟到：发布后 {span}才首次见到",
    "note_repeat": "可能重复：上一次发送没有得到确认",
    "note_listed": "仅列目录：目录中有此条，文件里没有正文",
    "note_check": "请核对原文：{}",
    "days": "{n} 天",
    "day": "1 天",
    "hours": "{n} 小时",
    "hour": "1 小时",
}

EN: Mapping[str, str] = {
    "list": ", ",
    "comma": ", ",
    "and_more": "{n} in all",
    "bracket": "[{}] ",
    "quoted": "“{}”",
    "aside": " ({})",
    "label": "{}: ",
    "mark_consultation": "Consultation",
    "mark_revised": "Revised",
    "mark_listed": "Listed only",
    "mark_repeat": "May be a repeat",
    "others": " and others",
    "deadline": "Comments due",
    "written_date": "Written",
    "published_date": "Published",
    "effective_date": "In force",
    "expiry_date": "Valid until",
    "category": "Category",
    "keywords": "Keywords",
    "attachments": "Attachments",
    "source": "Source",
    "page": "page {}",
    "why": "Why you get this",
    "alias": "as “{}”",
    "more_reasons": "{n} more",
    "more_hits": "{n} more of your subscriptions matched",
    "today": "due today",
    "tomorrow": "due tomorrow",
    "days_left": "{n} days left",
    "days_over": "{n} days ago",
    "weekdays": "Mon Tue Wed Thu Fri Sat Sun",
    "deadline_short": " (due {})",
    "note_revised": "Revised: the text differs from the one you were told of (version {n})",
    "note_late": "Late: first seen {span} after it was published",
    "note_repeat": "May be a repeat: an earlier try was not confirmed",
    "note_listed": "Listed only: the contents name it, the file does not hold its text",
    "note_check": "Please check the original: {}",
    "days": "{n} days",
    "day": "1 day",
    "hours": "{n} hours",
    "hour": "1 hour",
}

FACETS_ZH: Mapping[str, str] = {
    "province": "省份",
    "agency": "机构",
    "category": "类别",
    "kind": "类型",
    "source": "来源",
    "section": "栏目",
    "importance": "重要性",
    "consultation": "征求意见",
    "text": "",
}

FACETS_EN: Mapping[str, str] = {name: name.capitalize() for name in FACETS_ZH} | {"text": ""}

FIELDS_ZH: Mapping[str, str] = {
    "title": "标题",
    "body": "正文",
    "keywords": "关键字",
    "category": "类别",
    "agencies": "发文机构",
    "agency_ids": "发文机构",
    "provinces": "省份",
    "regions": "地区",
    "doc_number": "文号",
    "summary": "提要",
    "section": "栏目",
    "source_name": "来源",
    "attachments": "附件",
    "interpretations": "解读",
    "kind": "类型",
    "importance": "重要性",
    "is_consultation": "征求意见",
}

FIELDS_EN: Mapping[str, str] = {name: name.replace("_", " ") for name in FIELDS_ZH}


def words(language: str) -> Mapping[str, str]:
    """The phrases of a language; Chinese where the language is not English."""
    return EN if language == "en" else ZH


def facet_name(facet: str, language: str) -> str:
    """How a condition of a rule is called, empty for plain words."""
    return (FACETS_EN if language == "en" else FACETS_ZH).get(facet, facet)


def field_name(field: str, language: str) -> str:
    """How a field of a notice is called."""
    return (FIELDS_EN if language == "en" else FIELDS_ZH).get(field, field)
