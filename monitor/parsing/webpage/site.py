"""Whose site a page is on: what its address and its meta tags say of province and agency."""

import re
from urllib.parse import urlsplit

from rules.vocabulary import default_vocabulary

# The labels of provincial government hosts where they are not the province's name in pinyin.
_PROVINCES = {
    "bj": "北京", "tj": "天津", "he": "河北", "sx": "山西", "nmg": "内蒙古", "nm": "内蒙古", "ln": "辽宁",
    "jl": "吉林", "hlj": "黑龙江", "hl": "黑龙江", "sh": "上海", "js": "江苏", "zj": "浙江", "ah": "安徽",
    "fj": "福建", "jx": "江西", "sd": "山东", "ha": "河南", "hb": "湖北", "hn": "湖南", "gd": "广东",
    "gx": "广西", "gxzf": "广西", "hi": "海南", "cq": "重庆", "sc": "四川", "gz": "贵州", "yn": "云南",
    "xz": "西藏", "sn": "陕西", "gs": "甘肃", "qh": "青海", "nx": "宁夏", "xj": "新疆", "xjbt": "兵团",
}  # fmt: skip
# National agencies by host; the portal www.gov.cn carries everybody's notices and speaks for nobody.
_NATIONAL = {
    "nhc.gov.cn": "国家卫生健康委",
    "nhsa.gov.cn": "国家医保局",
    "nmpa.gov.cn": "国家药监局",
    "cde.org.cn": "国家药监局药审中心",
    "nifdc.org.cn": "中检院",
    "satcm.gov.cn": "国家中医药局",
    "natcm.gov.cn": "国家中医药局",
    "ndcpa.gov.cn": "国家疾控局",
    "samr.gov.cn": "市场监管总局",
    "ndrc.gov.cn": "国家发展改革委",
    "mof.gov.cn": "财政部",
    "mohrss.gov.cn": "人力资源社会保障部",
    "miit.gov.cn": "工业和信息化部",
    "nea.gov.cn": "国家能源局",
}
_MEDIA = re.compile(
    r"新华|人民[日网健政]|日报|晚报|时报|晨报|[报刊]社?$|电视|广播|频道|卫视|客户端|公众号|微信|微博|记者|新闻|通讯社"
    r"|央视|网$"
)
_SITE_OF = re.compile(r"(?:政府)?(?:官方)?(?:门户)?网站$|官网$|官方网站$")


_NOBODY = ("本站", "本网", "原创", "中国政府网")


def province_of_host(url: str | None) -> str | None:
    """The province that a host's name says, 国家 for a national agency's; None where it says nothing."""
    host = _host(url)
    if any(host == name or host.endswith("." + name) for name in (*_NATIONAL, "www.gov.cn")):
        return "国家"
    if not host.endswith(".gov.cn"):
        return None
    label = host.removesuffix(".gov.cn").rsplit(".", 1)[-1]
    vocabulary = default_vocabulary()
    region = vocabulary.region(_PROVINCES.get(label, label))
    province = vocabulary.province_of(region) if region else None
    return province.short if province else None


def agency_of_host(url: str | None) -> str | None:
    """The national agency whose host it is."""
    host = _host(url)
    return next((name for key, name in _NATIONAL.items() if host == key or host.endswith("." + key)), None)


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").lower()
    except ValueError:
        return ""


def agency_of_source(source: str) -> str | None:
    """The agency behind a 来源 (国家卫生健康委网站 → 国家卫生健康委); None for a newspaper and for 本站."""
    printed = source.strip()
    name = _SITE_OF.sub("", printed)
    is_media = name == printed and bool(_MEDIA.search(printed))
    return None if len(name) < 3 or is_media or name.startswith(_NOBODY) else name
