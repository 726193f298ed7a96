"""Which software made a page: the families of content management that government sites use."""

import re

# The surer signs first: migrated sites carry remains of what they used before.
_FAMILIES = (
    ("gkmlpt", re.compile(r"/gkmlpt/|window\._CONFIG\s*=.{0,2000}\bSID\b", re.S)),
    ("UCAP", re.compile(r"UCAP-CONTENT|ZUIXINZHENGCE|DOCRELPUBTIME")),
    ("大汉 JPAAS", re.compile(r"jpaas-publish-server|jpaas-jpolicy", re.I)),
    (
        "大汉",
        re.compile(
            r"<datastore>|<record>\s*<!\[CDATA|/module/(?:web/)?jpage|/module/xxgk/|/col/col\d+/|\bjcms\b"
        ),
    ),
    ("龙讯", re.compile(r"/site/label/\d+|labelName=|Ls\.pagination|/public/column/\d+|/content/column/\d+")),
    ("开普", re.compile(r"domainMetaList|/common/search/[0-9a-f]{8,}|kaipuyun|/c\d{6}/\d{6}/c_", re.I)),
    ("博达", re.compile(r"_wbtreeid|wbtreeid=|vsb_content|v_news_content|_vsb_|/info/\d+/\d+\.htm")),
    ("上海 uli", re.compile(r"class=[\"'][^\"']*\buli1[46]\b|ivs_content")),
    ("easysite", re.compile(r"easysite|/eportal/ui\?pageId=", re.I)),
    (
        "TRS",
        re.compile(
            r"createPageHTML\(|/t\d{8}_\d+\.s?html|TRS_Editor|TRS_UEDITOR|trs_\w+|/was5/web/|/igs/front/"
        ),
    ),
    ("ASP.NET", re.compile(r"__VIEWSTATE|\.aspx\b")),
    ("JEECMS", re.compile(r"\.jhtml\b")),
)
_ENOUGH = 400_000


def family_of(address: str, markup: str) -> str | None:
    """The family of a page, by its address and what stands in it; None for one that is not known."""
    looked_at = f"{address}\n{markup[:_ENOUGH]}"
    return next((name for name, sign in _FAMILIES if sign.search(looked_at)), None)
