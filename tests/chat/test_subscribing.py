"""Rules become subscriptions: by command, in plain words, with mistakes corrected."""

from tests.chat.stage import Stage


def test_a_rule_is_subscribed_to_as_it_is_written(bot: Stage) -> None:
    person = bot.person()
    shown = person.says("/subscribe 省:山西省 机构:医疗保障局 集采")
    assert shown.text == "已订阅，第 1 项：\n省:山西 机构:医保局 集采"
    assert shown.html == "已订阅，第 1 项：\n<code>省:山西 机构:医保局 集采</code>"


def test_without_a_rule_it_is_asked_step_by_step(bot: Stage) -> None:
    assert "1/4" in bot.person().says("/subscribe").text


def test_a_mistake_is_shown_with_its_place_and_corrected_by_a_press(bot: Stage) -> None:
    person = bot.person()
    shown = person.says("/subscribe 省:安微 集采")
    assert "“安微”不是已知的省市" in shown.text
    assert "<pre>  省:安微 集采\n     ^^^^</pre>" in shown.html
    assert person.presses("改为：省:安徽 集采").text == "已订阅，第 1 项：\n省:安徽 集采"


def test_what_somebody_typed_is_shown_as_typed(bot: Stage) -> None:
    person = bot.person()
    assert "&lt;b&gt;" in person.says('/subscribe 集采 "<b>粗</b>&amp;"').html
    assert '"<b>粗</b>&amp;"' in person.sees().text
    assert '"<b>粗</b>&amp;"' in person.says("/list").text
    assert "<b>" in person.says("/<b>").text or person.sees()
    assert "省:<b>" in person.says("/subscribe 省:<b>").text.replace("&lt;", "<")


def test_a_rule_that_is_there_already_is_recognised(bot: Stage) -> None:
    person = bot.person()
    person.says("/subscribe 省:山西,国家 集采")
    assert person.says("/subscribe 省:山西省、国家，集采").text.startswith("您已经订阅过，第 1 项")
    person.says("/pause 1")
    assert "暂停" in person.says("/subscribe 省:山西,国家 集采").text
    assert "从现在起恢复" in person.presses("恢复").text
    assert len(person.says("/list").buttons) == 1


def test_plain_words_that_name_an_issuer_are_proposed_as_one(bot: Stage) -> None:
    person = bot.person()
    shown = person.says("/subscribe 山西 医保局 集采")
    assert "您指的是发文的地方和机构吗" in shown.text
    assert person.presses("省:山西 机构:医保局 集采").text == "第 1 项现在是：\n省:山西 机构:医保局 集采"
    assert person.presses("撤销").text == "第 1 项现在是：\n山西 医保局 集采"


def test_free_text_proposes_a_rule(bot: Stage) -> None:
    person = bot.person()
    shown = person.says("订阅 山西 医保局 集采")
    assert shown.text == "这样订阅？\n省:山西 机构:医保局 集采"
    assert person.presses("订阅").text == "已订阅，第 1 项：\n省:山西 机构:医保局 集采"
    assert person.says("我要订阅河北的集采").text == "这样订阅？\n省:河北 集采"
    assert "只按词查找" in person.says("关注：广东 DRG").labels[2]
    assert person.presses("只按词查找").text.startswith("已订阅，第 2 项：\n广东 DRG")
    assert person.says("省:山西 飞检").text == "这样订阅？\n省:山西 飞检"
    assert person.presses("取消").text == "已取消。"


def test_free_text_that_means_nothing_says_what_does(bot: Stage) -> None:
    person = bot.person()
    assert "没有看懂" in person.says("今天天气怎么样").text
    assert "没有看懂" in person.says("山西有集采的消息吗").text  # a question is no rule
    assert "没有查到" in person.presses("在公文库里查").text


def test_a_very_long_rule_fits_no_button_and_works_all_the_same(bot: Stage) -> None:
    person = bot.person()
    words = " ".join(f"词条{number}号" for number in range(400))
    shown = person.says(f"订阅 省:山西 {words}")
    assert "词条399号" in shown.text
    shown = person.presses("订阅")
    assert "词条399号" in shown.text


def test_a_list_that_does_not_fit_is_turned_page_by_page(bot: Stage) -> None:
    person = bot.person()
    for number in range(3):
        person.says(f"/subscribe 省:山西 {' '.join(f'词{number}第{n}' for n in range(300))}")
    first = person.says("/list")
    assert "1 / " in first.labels[-2]
    pages = int(first.labels[-2].split("/")[1])
    seen = first.text
    for number in range(2, pages + 1):
        shown = person.presses("›")
        assert shown.id == first.id
        assert f"{number} / {pages}" in shown.labels
        seen += shown.text
    for number in range(3):
        assert all(f"词{number}第{n}" in seen for n in range(300))
    assert f"{pages - 1} / {pages}" in person.presses("‹").labels


def test_a_reader_of_english_gets_all_of_it_in_english(bot: Stage) -> None:
    person = bot.person("en")
    assert person.says("/subscribe 省:山西 集采").text == "Subscribed, number 1:\n省:山西 集采"
    assert "did you mean 安徽?" in person.says("/subscribe 省:安微").text
    assert person.says("/list").labels == ["1 Preview", "Edit", "Pause", "Delete"]
    assert person.says("/psue").text == "There is no command /psue. Did you mean /pause?"
