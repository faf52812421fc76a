"""E-mail addresses, telephone numbers and web addresses."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgready.typed.emails import read_email
from dgready.typed.phones import read_phones
from dgready.typed.result import Refusal, Understood
from dgready.typed.web import is_url, read_url

Reader = Callable[[str], Understood[str] | Refusal | None]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("a@example.org\u200e", "a@example.org"),
        ("\u2066a@example.org\u2069", "a@example.org"),
        ("<a@example.org>", "a@example.org"),
        ("a@example.org,", "a@example.org"),
        ("a@example.org.", "a@example.org"),
        ("สำนักงาน <a@example.org>;", "a@example.org"),
        ('"A, B" <a.b@example.org>', "a.b@example.org"),
        ("mailto:a@example.org?subject=x", "a@example.org"),
        ("ａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "a@example.org"),
        ("A.B+c@Example.GO.TH", "A.B+c@example.go.th"),
        ("ผู้รับ@คน.ไทย", "ผู้รับ@คน.ไทย"),
        ("(a@example.org)", "a@example.org"),
        ("a๑@example.org", "a1@example.org"),
    ],
)
def test_emails(text: str, address: str) -> None:
    result = read_email(text)
    assert isinstance(result, Understood), result
    assert result.value == address


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("x", "email", "not an e-mail"),
        ("a@", "email", "not an e-mail"),
        ("a@example", "email", "not an e-mail"),
        ("a@@example.org", "email", "not an e-mail"),
        ("a..b@example.org", "email", "not an e-mail"),
        ("a@1.2.3.4", "email", "not an e-mail"),
        ("a @ example.org", "email", "mean a@example.org?"),
        ("a(at)example.org", "email", "mean a@example.org?"),
        ("a@example,org", "email", "mean a@example.org?"),
        ("a@exam ple.org", "email", "mean a@example.org?"),
        ("โทร 1 a@example.org", "email", "mean a@example.org?"),
        ("a@example.org, b@example.org", "many", "there are 2: a@example.org, b@example.org"),
        ("a@example.org หรือ b@example.org", "many", "there are 2"),
        ("a@" + "b" * 60 + ".org" + "x" * 600, "long", "254"),
    ],
)
def test_bad_emails_are_asked_back(text: str, code: str, words: str) -> None:
    result = read_email(text)
    assert isinstance(result, Refusal), result
    assert result.code == code
    assert words in result.reason.en


def test_accounts_take_english_letters_only() -> None:
    result = read_email("ผู้รับ@คน.ไทย", ascii_only=True)
    assert isinstance(result, Refusal)
    assert result.code == "ascii"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("\u2066042-411-778\u2069", "042-411-778"),
        ("042–411778", "042-411-778"),
        ("０４２４１１７７８", "042-411-778"),
        ("๐๔๒ ๔๑๑ ๗๗๘", "042-411-778"),
        ("042-411778 หรือ 081-000-0000", "042-411-778, 081-000-0000"),
        ("0 4200 0000", "042-000-000"),
        ("(042) 411-778", "042-411-778"),
        ("0-2123-4567", "02-123-4567"),
        ("+66 42 411 778", "+66 42 411 778"),
        ("+66 (0) 81-000-0000", "+66 81 000 0000"),
        ("0066 2 123 4567", "+66 2 123 4567"),
        ("+81 3-1234-5678", "+81312345678"),
        ("โทร. 042-411778 ต่อ 12", "042-411-778 ต่อ 12"),
        ("042411778 ต่อ 101, 102", "042-411-778 ต่อ 101, 102"),
        ("042411778 ต่อ ๑๐๑-๑๐๓", "042-411-778 ต่อ 101-103"),
        ("042-411778 ext. 12", "042-411-778 ต่อ 12"),
        ("042-411778 #12", "042-411-778 ต่อ 12"),
        ("042411778x12", "042-411-778 ต่อ 12"),
        ("042-411778-9", "042-411-778-9"),
        ("042-411778/9", "042-411-778-9"),
        ("042-411778 ถึง 9", "042-411-778-9"),
        ("042411778 0810000000", "042-411-778, 081-000-0000"),
        ("042-411778/081-000-0000", "042-411-778, 081-000-0000"),
        ("042-411778, 042-411779 ต่อ 5", "042-411-778, 042-411-779 ต่อ 5"),
        ("1111", "1111"),
        ("มท. 42411", "มท. 42411"),
        ("โทรศัพท์: 042411778 มือถือ 0810000000", "042-411-778, 081-000-0000"),
        ("tel:042411778", "042-411-778"),
        ("042-411778 กด 0", "042-411-778 ต่อ 0"),
    ],
)
def test_phones(text: str, numbers: str) -> None:
    result = read_phones(text)
    assert isinstance(result, Understood), result
    assert result.value == numbers
    assert read_phones(result.value) == Understood(result.value, result.words)
    assert getattr(read_phones(result.words.en), "value", None) == numbers


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("ไม่มี", "phone", "ตัวเลข"),
        ("042-411-77", "length", "042-411-77 มี 8 หลัก"),
        ("081-000-00000", "length", "11 หลัก"),
        ("12", "length", "2 หลัก"),
        ("042-411778 a", "phone", "เข้าใจเฉพาะ 042-411-778"),
        ("ต่อ 12", "phone", "ตัวเลข"),
        ("+66 42 411", "length", "หลัก"),
        ("1" * 300, "long", "ยาวเกิน"),
        ("042-411778, x", "phone", "เข้าใจเฉพาะ 042-411-778"),
    ],
)
def test_bad_phones_are_asked_back(text: str, code: str, words: str) -> None:
    result = read_phones(text)
    assert isinstance(result, Refusal), result
    assert result.code == code
    assert words in result.reason.th


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("www.example.go.th", "https://www.example.go.th"),
        ("example.go.th/หน้า?x=1#y", "https://example.go.th/หน้า?x=1#y"),
        ("\u200ehttps://example.org/a\u200b", "https://example.org/a"),
        ("<https://example.org>", "https://example.org"),
        ("HTTP://Example.org", "http://Example.org"),
        ("https:/example.org", "https://example.org"),
        ("https : // example.org", "https://example.org"),
        ("(www.example.org).", "https://www.example.org"),
        ("https://en.wikipedia.org/wiki/A_(b)", "https://en.wikipedia.org/wiki/A_(b)"),
        ("ｗｗｗ．ｅｘａｍｐｌｅ．ｏｒｇ", "https://www.example.org"),
        ("ตัวอย่าง.ไทย", "https://ตัวอย่าง.ไทย"),
        ("example.org:8080/x", "https://example.org:8080/x"),
        ("www.facebook.com/a.b", "https://www.facebook.com/a.b"),
    ],
)
def test_web_addresses(text: str, address: str) -> None:
    result = read_url(text)
    assert isinstance(result, Understood), result
    assert result.value == address


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("ไม่มี", "url", "Must be a web address"),
        ("localhost", "url", "Must be a web address"),
        ("4.5", "url", "Must be a web address"),
        ("javascript:alert(1)", "scheme", "http://"),
        ("ftp://a.b", "scheme", "http://"),
        ("http://x:y@a.b", "scheme", "password"),
        ("http://", "scheme", "Must start"),
        ("http://[::1", "scheme", "http://"),
        ("https://a.org https://b.org", "many", "One address only"),
        ("https;//example.org", "url", "mean https://example.org?"),
        ("htps://example.org", "url", "mean https://example.org?"),
        ("www,example.org", "url", "mean https://www.example.org?"),
        ("a@example.org", "email", "e-mail"),
        ("www.example.org/" + "x" * 1000, "long", "1000"),
    ],
)
def test_bad_web_addresses_are_asked_back(text: str, code: str, words: str) -> None:
    result = read_url(text)
    assert isinstance(result, Refusal), result
    assert (result.code, words in result.reason.en) == (code, True), result


@pytest.mark.parametrize("good", ["https://www.example.org/a?b=c#d", "http://example.co.th", "https://ตัวอย่าง.ไทย/หน้า"])
def test_urls(good: str) -> None:
    assert is_url(good)


@pytest.mark.parametrize(
    "bad",
    [
        "www.example.org",
        "javascript:alert(1)",
        "http://",
        "http://a b.c",
        "http://x:y@a.b",
        "http://[::1",
        "ftp://a.b",
    ],
)
def test_bad_urls(bad: str) -> None:
    assert not is_url(bad)


@pytest.mark.parametrize("read", [read_email, read_phones, read_url])
@given(
    text=st.text(max_size=50)
    | st.text("0123456789-+() ต่อ#,/.หรือ", max_size=30)
    | st.text("ab.@/:<>,htpsw? ก่", max_size=30)
)
def test_what_is_understood_is_clean_and_understood_again(read: Reader, text: str) -> None:
    result = read(text)
    if isinstance(result, Understood):
        again = read(result.value)
        assert again == Understood(result.value, result.words)
        assert not [c for c in result.value if unicodedata.category(c) in ("Cc", "Cf", "Cs")]
        assert read is not read_url or is_url(result.value)
    elif result is not None:
        assert result.reason.th
        assert result.reason.en
