"""Words that a line must not part."""

from django.template import Context, Template
from markupsafe import Markup

from dgready.thai import wrap_unbreakable_words


def test_words_are_kept_whole_and_text_stays_the_same() -> None:
    html = wrap_unbreakable_words("จังหวัดมีนโยบายด้านธรรมาภิบาล &lt;ข้อมูล&gt;")
    assert html == 'จังหวัดมี<span class="w">นโยบาย</span>ด้าน<span class="w">ธรรมาภิบาล</span> &lt;ข้อมูล&gt;'


def test_the_filter_escapes_first() -> None:
    shown = Template("{% load thai %}{{ text|whole }}").render(Context({"text": "<b>ภาครัฐ</b>"}))
    assert shown == '&lt;b&gt;<span class="w">ภาครัฐ</span>&lt;/b&gt;'


def test_of_text_that_is_marked_as_safe_its_own_tags_are_kept() -> None:
    assert wrap_unbreakable_words(Markup("ทำหรือไม่")) == 'ทำ<span class="w">หรือไม่</span>'
