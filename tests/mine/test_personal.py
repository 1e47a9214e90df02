"""Numbers, handles, plates and addresses of people, written and said; and what only looks like them."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.mine.identity import is_iban, is_luhn, is_resident
from millstream.mine.personal import by_rule, found


def kinds(text: str) -> list[tuple[str, str]]:
    return [(hit.value, text[hit.start : hit.end]) for hit in found(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("打我 一三八，零零零零，一二三四", "phone", "一三八，零零零零，一二三四"),
        ("手机 一三三 四个零 八八九九", "phone", "一三三 四个零 八八九九"),
        ("it's two one two triple five oh one double three", "phone", "two one two triple five oh one double three"),
        ("ring +44 7700 900456 please", "phone", "+44 7700 900456"),
        ("it is anna dot lee at gmail dot com", "mail", "anna dot lee at gmail dot com"),
        ("sam (at) example (dot) com", "mail", "sam (at) example (dot) com"),
        ("邮箱 lily 下划线 八八 艾特 qq点com", "mail", "lily 下划线 八八 艾特 qq点com"),
        ("my instagram is fox underscore glove", "handle", "fox underscore glove"),
        ("加微信 f o x 七七八八", "wechat", "f o x 七七八八"),
        ("卡号四一一一 一一一一 一一一一 一一一一", "card", "四一一一 一一一一 一一一一 一一一一"),
        ("amex 3782 822463 10005", "card", "3782 822463 10005"),
        ("iban DE89 3704 0044 0532 0130 00", "card", "DE89 3704 0044 0532 0130 00"),
        ("ssn double nine triple seven double six double one", "id", "double nine triple seven double six double one"),
        ("passport X1234567", "id", "X1234567"),
        ("沪B·88X66停车", "plate", "沪B·88X66"),
        ("my plate is seven kilo lima mike four eight two", "plate", "seven kilo lima mike four eight two"),
        ("i live at 42 Maple Street, Apt 5B", "address", "42 Maple Street, Apt 5B"),
        ("寄到春天路88号6栋1202室", "address", "春天路88号6栋1202室"),
        ("电话138四个0 1234", "phone", "138四个0 1234"),
        ("我手机是幺三八洞洞洞洞幺两三四", "phone", "幺三八洞洞洞洞幺两三四"),
        ("前三位138 中间0000 后四位5678", "phone", "138 中间0000 后四位5678"),
        ("my cellphone is 2I2-555-O134", "phone", "2I2-555-O134"),
        ("手機號碼 0912-000-345", "phone", "0912-000-345"),
        ("xiaolu[@]qq.com", "mail", "xiaolu[@]qq.com"),
        ("annaleeATgmailDOTcom", "mail", "annaleeATgmailDOTcom"),
        ("威❤：abc_7788", "wechat", "abc_7788"),
        ("my instagram is fox glove all one word", "handle", "fox glove"),
        ("linktr.ee/foxglove77", "handle", "foxglove77"),
        ("my aadhaar is 0000 1111 2222", "id", "0000 1111 2222"),
        ("sort code 20-00-00", "card", "20-00-00"),
        ("my account number is 31926819", "card", "31926819"),
        ("my rego is a b c one two d", "plate", "a b c one two d"),
        ("京A1234学别按喇叭", "plate", "京A1234学"),
        ("deliver: Unit 5/12 Smith St, Carlton VIC 3053", "address", "Unit 5/12 Smith St, Carlton VIC 3053"),
        ("we live on oak ridge drive number forty two", "address", "oak ridge drive number forty two"),
        ("我住锦绣花园5-2-301", "address", "锦绣花园5-2-301"),
    ],
)  # fmt: skip
def test_what_belongs_to_a_person_is_found(text: str, kind: str, value: str) -> None:
    assert kinds(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "one two three four five six seven eight nine ten",
        "2021 2022 2023 2024 四年都涨",
        "订单号 202511210012345678",
        "tracking 1Z0000000000000000",
        "look at amazon dot com",
        "wechat pay accepted, my instagram is down",
        "we're at 42 Harbor Street, come on in",
        "我们店在人民路88号",
        "plate 2 is the lamb, plate 3 the fish",
        "奇瑞QQ 39900元起",
        "88888888 666666666666",
        "version 10.0.19045.3570",
        "meeting id 212 555 0134",
        "not sweet at all. It is good",
        "store address: 310 Oak Drive",
        "我们地址就在春天路八十八号一楼",
        "steam 20 minutes",
        "送3号桌",
        "https://github.com/project/module",
    ],
)
def test_what_only_looks_so_is_left(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize("text", ["+1 440 284 6012", "+44 (0)20 7946 0958"])
def test_a_number_from_abroad_is_one_by_rule(text: str) -> None:
    assert [hit.value for hit in by_rule(text)] == ["phone"]


def test_checksums() -> None:
    assert is_resident("11010119000307733x") is False and is_resident("110101190001010022")
    assert is_luhn("4111111111111111") and not is_luhn("4111111111111112") and not is_luhn("0000000000000000")
    assert is_iban("gb82west12345698765432") and not is_iban("gb83west12345698765432")


@given(st.text(max_size=60))
def test_hits_lie_in_the_text_and_apart(text: str) -> None:
    hits = found(text)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert all(one.end <= other.start for one, other in pairwise(hits))


@given(st.lists(st.sampled_from("0123456789"), min_size=9, max_size=9), st.sampled_from(["０", "⓪①②③④⑤⑥⑦⑧⑨", "𝟎"]))
def test_a_mobile_number_is_found_in_any_digits(rest: list[str], zero: str) -> None:
    forms = zero if len(zero) > 1 else [chr(ord(zero) + n) for n in range(10)]
    said = "".join(forms[int(digit)] for digit in ["1", "3", *rest])
    assert kinds(f"电话{said}") == [("phone", said)]


@pytest.mark.parametrize(
    "text",
    [
        "省市区县镇乡村路街" * 20,
        "1-2-" * 200,
        "12 maple " * 100,
        "apt 4 " * 100,
        "a@b.c.d." * 80,
        "at dot " * 100,
        "3栋" * 100,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    found(text)
    assert time.process_time() - began < 1


@given(st.lists(st.sampled_from("零一二三四五六七八九"), min_size=9, max_size=9))
def test_a_mobile_number_is_found_however_it_is_said(rest: list[str]) -> None:
    said = "一三" + "".join(rest)
    written = "".join(str("零一二三四五六七八九".index(char)) for char in said)
    for text in (f"电话{said}", f"电话{written}", f"电话{written[:3]} {written[3:7]} {written[7:]}"):
        assert [kind for kind, _ in kinds(text)] == ["phone"]
