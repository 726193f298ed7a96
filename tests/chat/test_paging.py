import html
import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from monitor.chat.model import Block, button
from monitor.chat.paging import length, pages
from tests.servers._telegram_html import visible_text

TEXT = st.text(alphabet="字a <>&\n😀", max_size=60)
MARKED = st.builds(
    lambda mark, text: Markup("<{}>{}</{}>").format(Markup(mark), text, Markup(mark)),
    st.sampled_from(["b", "code", "blockquote"]),
    TEXT,
)


@given(st.lists(st.lists(MARKED | TEXT.map(lambda text: Markup("{}").format(text)), min_size=1), min_size=1))
def test_every_page_fits_is_well_formed_and_nothing_is_lost(parts: list[list[Markup]]) -> None:
    blocks = [Block(Markup().join(some)) for some in parts]
    made = pages(blocks, room=40)
    texts = ["\n\n".join(block.text for block in page) for page in made]
    assert all(len(visible_text(text).encode("utf-16-le")) // 2 <= 40 for text in texts)
    shown = "".join(visible_text(block.text) for page in made for block in page)
    assert shown == "".join(visible_text(block.text) for block in blocks)


def test_buttons_stay_with_their_block() -> None:
    blocks = [Block(Markup("x" * 30), ((button(str(n), "a"),),)) for n in range(5)]
    made = pages(blocks, room=70)
    assert [len(page) for page in made] == [2, 2, 1]
    assert [row[0].label for page in made for block in page for row in block.rows] == list("01234")


def test_a_text_is_as_long_as_its_reader_sees_it() -> None:
    text = '<a href="https://e.cn/?a=1&amp;b">字</a>&lt;😀'
    seen = html.unescape(re.sub("<[^>]*>", "", text))
    assert length(text) == len(seen.encode("utf-16-le")) // 2 == 4
