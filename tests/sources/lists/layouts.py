"""How sites lay a row out: what stands before the rows, each row, and what stands after them.

`{title}` is whole and `{cut}` ends in an ellipsis; `{early}` and `{late}` are other days than `{date}`.
"""

from tests.servers.sites import Item, around

LAYOUTS = {
    "list item with a span": (
        "<ul>",
        "<li><a href='{path}' title='{title}'>{cut}</a><span>{date}</span></li>",
        "</ul>",
    ),
    "date in brackets": ("<ul>", "<li><a href='{path}'>{title}</a>[{date}]</li>", "</ul>"),
    "date inside of the link": ("<ul>", "<li><a href='{path}'>{title}<span>{dots}</span></a></li>", "</ul>"),
    "date before the link": ("<ul>", "<li><em>{date}</em><a href='{path}'>{title}</a></li>", "</ul>"),
    "date glued to the title": ("<ul>", "<li><a href='{path}'>{title}{date}</a></li>", "</ul>"),
    "date in Chinese": (
        "<table>",
        "<tr><td>青医保发〔2026〕{n}号</td><td><a href='{path}'>{title}</a></td><td>{chinese}</td></tr>",
        "</table>",
    ),
    "date split into boxes": (
        "<ul>",
        "<li><div class='date'><b>{day}</b><span>{month}</span></div><h3><a href='{path}'>{title}</a></h3>"
        "<p>现将有关事项通知如下，请认真贯彻执行。</p></li>",
        "</ul>",
    ),
    "month and day only": ("<ul>", "<li><a href='{path}'>{title}</a><span>{short}</span></li>", "</ul>"),
    "date of the address only": ("<ul>", "<li><a href='{path}'>{title}</a></li>", "</ul>"),
    "time beside the date": (
        "<ul>",
        "<li><h3><a href='{path}'>{title}</a></h3><p>现将有关事项通知如下<a href='{path}'>[查看详情]</a></p>"
        "<span>发布时间：{date} 10:20</span></li>",
        "</ul>",
    ),
    "day of writing before day of publication": (
        "<table><tr><th>标题</th><th>文号</th><th>成文日期</th><th>发布日期</th></tr>",
        "<tr><td><a href='{path}' title='{title}'>{cut}</a></td><td>青医保发〔2026〕{n}号</td>"
        "<td>{early}</td><td>{date}</td></tr>",
        "</table>",
    ),
    "day of effect after day of publication": (
        "<table><thead><tr><th>标题</th><th>发布日期</th><th>实施日期</th></tr></thead><tbody>",
        "<tr><td><a href='{path}' title='{title}'>{cut}</a></td><td>{date}</td><td>{late}</td></tr>",
        "</tbody></table>",
    ),
    "labels and values in the row": (
        "<ul>",
        "<li><a href='{path}' title='{title}'>{cut}</a><span class='date'>{date}</span><div>"
        "<p><span>索引号：</span><span>640000/2026-00012</span></p><p><span>成文日期：</span><span>{early}</span></p></div></li>",
        "</ul>",
    ),
    "period of a consultation": (
        "<ul>",
        "<li><a href='{path}'>{title}</a><span>征集时间：{date} 至 {late}</span></li>",
        "</ul>",
    ),
    "paragraphs in the link": (
        "<ul>",
        "<li><a href='{path}'><p class='content'>{title}</p><p class='datatime'>{date}</p></a></li>",
        "</ul>",
    ),
    "links without list items": (
        "<div class='flex'>",
        "<a href='{path}'><p>{title}</p><i>{date}</i></a>",
        "</div>",
    ),
    "cards": (
        "<div>",
        "<div class='card'><div><a href='{path}'>{title}</a></div><div>{date}</div></div>",
        "</div>",
    ),
    "cards with a second link": (
        "<div>",
        "<div class='card'><div><a href='{path}'>{title}</a></div><div>{date}</div>"
        "<a href='/dw/{n}'>医保局</a></div>",
        "</div>",
    ),
    "a list of cells for each row": (
        "<div>",
        "<ul class='cells'><li>{n}</li><li><a href='{path}'>{title}</a></li><li>市局</li>"
        "<li><span>{date}</span></li></ul>",
        "</div>",
    ),
    "a list of cells with an agency's link": (
        "<div>",
        "<ul class='cells'><li>{n}</li><li><a href='{path}'>{title}</a></li>"
        "<li><a href='/dw/1.html'>省医疗保障局</a></li><li><span>{date}</span></li></ul>",
        "</div>",
    ),
    "a reading beside the notice": (
        "<ul>",
        "<li><a href='{path}'>{title}</a><span>{date}</span>"
        "<a href='/jd/{n}.html'>【政策解读】关于文件的解读</a></li>",
        "</ul>",
    ),
    "click on the item around an empty link": (
        "<ul>",
        "<li onclick=\"location.href='{path}'\"><a href='javascript:;'>{title}</a><span>{date}</span></li>",
        "</ul>",
    ),
    "heading and date in one": (
        "<ul>",
        "<li><h4><a href='{path}'>{title}</a><span class='date'>{date}</span></h4></li>"
        "<li class='line'></li>",
        "</ul>",
    ),
    "terms and definitions": ("<dl>", "<dt><a href='{path}'>{title}</a></dt><dd>{date}</dd>", "</dl>"),
    "lines broken by br": ("<div>", "·<a href='{path}'>{title}</a> ({date})<br>", "</div>"),
    "lines with the date first": ("<div>", "<span>{date}</span><a href='{path}'>{title}</a><br>", "</div>"),
    "attributes of 大汉": (
        "<table>",
        "<tr class='row_{n}'><td><a href='{path}' mc='{title}' rq='{date}' wh='' syh='01/2026-1'>{cut}</a>"
        "</td></tr>",
        "</table>",
    ),
    "click on the row": (
        "<div>",
        "<div class='row' onclick=\"window.open('{path}')\"><div>公告</div><div title='{title}'>{cut}</div>"
        "<div>{date}</div></div>",
        "</div>",
    ),
    "call in the address": (
        "<ul>",
        "<li><a href=\"javascript:openUrl('{path}','1')\">{title}</a><span>{date}</span></li>",
        "</ul>",
    ),
    "script in a cell": (
        "<table>",
        "<tr><td>{n}</td><td><a href='{path}'>{title}</a></td><td><script>var a='2019-01-01'</script></td>"
        "<td>{date}</td><td>有效</td></tr>",
        "</table>",
    ),
    "link that says only 查看": (
        "<table><tr><th>序号</th><th>标题</th><th>日期</th><th>操作</th></tr>",
        "<tr><td>{n}</td><td>{title}</td><td>{date}</td><td><a href='{path}'>查看</a></td></tr>",
        "</table>",
    ),
    "picture and text lead to one place": (
        "<ul>",
        "<li><a href='{path}'><img src='a.png'></a><a href='{path}'>{title}</a><span>{date}</span></li>",
        "</ul>",
    ),
    "attachments under the notice": (
        "<ul>",
        "<li><a href='{path}'>{title}</a><span>{date}</span><div><a href='/f/{n}.pdf'>附件：药品目录和"
        "价格信息汇总表（含说明材料以及医用耗材部分）.pdf</a></div></li>",
        "</ul>",
    ),
    "column before the notice": (
        "<ul>",
        "<li>[<a href='/zcfg/'>政策法规</a>]<a href='{path}'>{title}</a><span>{date}</span></li>",
        "</ul>",
    ),
    "tag in the link": (
        "<ul>",
        "<li><a href='{path}'><span class='tag'>通知</span>{title}</a><span>{date}</span></li>",
        "</ul>",
    ),
    "title on the list item": (
        "<ul>",
        "<li title='{title}'><a href='{path}'>{cut}</a><span>{date}</span></li>",
        "</ul>",
    ),
    "title and date in one attribute": (
        "<ul>",
        "<li><a href='{path}' title='标题：{title}&#10;发布时间：{date}'>{cut}</a><span>{date}</span></li>",
        "</ul>",
    ),
    "details in the link": (
        "<table>",
        "<tr><td>{n}</td><td><a href='{path}'>{title}<div class='detail'><p>索引号：000014349/2026-00012</p>"
        "<p>成文日期：{early}</p></div></a></td><td>{chinese}</td></tr>",
        "</table>",
    ),
    "flag beside the title": (
        "<ul>",
        "<li><a href='{path}'>{title}</a><i>NEW</i><span>{date}</span></li>",
        "</ul>",
    ),
    "elements left open": (
        "<ul>",
        "<li><font color=red><a href='{path}'>{title}</a><span>{date}</li>",
        "</ul>",
    ),
    "month and day in a marked element": (
        "<ul>",
        "<li><a href='{path}'>{title}</a><time datetime='{date}'>{short}</time></li>",
        "</ul>",
    ),
    "date in the link's attribute only": (
        "<ul>",
        "<li><a href='{path}' title='{title}&#10;发布日期：{date}'>{title}</a></li>",
        "</ul>",
    ),
    "year of two figures": ("<ul>", "<li><a href='{path}'>{title}</a><i>[{date:%y-%m-%d}]</i></li>", "</ul>"),
    "full title in a box beside the link": (
        "<table>",
        "<tr><td>{n}</td><td><a href='{path}'>{cut}</a><ul><li><b>名 称：</b>{title}</li>"
        "<li><b>索引号：</b>0001/2026-{n}</li><li><b>发文日期：</b>{chinese}</li></ul></td><td>{date}</td></tr>",
        "</table>",
    ),
    "weekday behind the date": (
        "<ul>",
        "<li><a href='{path}'>{title}</a><span>{date}（星期{weekday}）</span></li>",
        "</ul>",
    ),
    "weekday and time behind the date": (
        "<ul>",
        "<li><a href='{path}'>{title}<i>{date}　周{weekday}　10:20</i></a></li>",
        "</ul>",
    ),
    "weekday before the date": (
        "<ul>",
        "<li><i>星期{weekday} {date}</i><a href='{path}'>{title}</a></li>",
        "</ul>",
    ),
    "titles and dates take turns": (
        "<div>",
        "<div class='t'><a href='{path}'>{title}</a></div><div class='d'>{date}</div>",
        "</div>",
    ),
    "newer news in a sidebar": (
        "<div class='sidebar'><ul>"
        + "".join(
            f"<li><a href='/zx/{n}.html'>本局召开第{n}次工作会议</a><span>2026-09-0{n}</span></li>"
            for n in range(1, 9)
        )
        + "</ul></div><ul>",
        "<li><a href='{path}'>{title}</a><span>{date}</span></li>",
        "</ul>",
    ),
    "date split into three boxes": (
        "<ul>",
        "<li><p><i>{date:%Y}</i><i>{date:%m}月</i><b>{day}</b></p><a href='{path}'>{title}</a></li>",
        "</ul>",
    ),
    "boxes inside of the link": (
        "<ul>",
        "<li><a href='{path}'><div><b>{short}</b><span>{date:%Y}</span></div><div>{title}</div></a></li>",
        "</ul>",
    ),
    "year of two figures beside a date in the text": (
        "<ul>",
        "<li><h4><a href='{path}'>{title}</a></h4><p>根据{early}的文件，现将有关事项通知如下。</p>"
        "<span>{date:%y-%m-%d}</span></li>",
        "</ul>",
    ),
    "a link to another site beside the notice": (
        "<ul>",
        "<li><a href='{path}'>{title}</a><i>{date}</i><a href='https://share.example/{n}'>分享到某某网</a></li>",
        "</ul>",
    ),
    "date in a data attribute": (
        "<ul>",
        "<li><a href='{path}'>{title}</a><span data-time='{date} 10:00:00'></span></li>",
        "</ul>",
    ),
    "label in the attribute": (
        "<ul>",
        "<li><a href='{path}' title='文章标题：{title}'>{cut}</a><span>{date}</span></li>",
        "</ul>",
    ),
}


def page(layout: str, rows: list[Item]) -> str:
    """A whole page with its rows in this layout."""
    return around(main_part(layout, rows))


def main_part(layout: str, rows: list[Item]) -> str:
    """The rows in this layout, without a page around them."""
    before, each, after = LAYOUTS[layout]
    return before + "".join(_filled(each, n, row) for n, row in enumerate(rows, 1)) + after


def _filled(each: str, n: int, row: Item) -> str:
    date = row.date
    return each.format(
        n=n,
        path=row.path,
        title=row.title,
        cut=f"{row.title[:6]}…",
        date=date,
        dots=f"{date:%Y.%m.%d}",
        chinese=f"{date.year}年{date.month}月{date.day}日",
        day=f"{date:%d}",
        month=f"{date:%Y-%m}",
        short=f"{date:%m-%d}",
        weekday="一二三四五六日"[date.weekday()],
        early=date.replace(year=date.year - 1),
        late=date.replace(year=date.year + 1),
    )
