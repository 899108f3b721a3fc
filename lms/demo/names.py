"""Invented Vietnamese names as a class list brings them: common, long, one-word, doubled, odd.

Names of peoples other than the Kinh, names typed in decomposed letters and both spellings of `Hoà` are
there on purpose: sorting, searching and printing must stand them. Pure; chance comes in as a generator.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np

# Shares in percent. The remainder of a hundred is spread over rarer names.
FAMILY_SHARES = {
    "Nguyễn": 38.0, "Trần": 11.0, "Lê": 9.5, "Phạm": 7.0, "Hoàng": 3.0, "Huỳnh": 2.1, "Phan": 4.5,
    "Vũ": 2.2, "Võ": 1.7, "Đặng": 2.1, "Bùi": 2.0, "Đỗ": 1.4, "Hồ": 1.3, "Ngô": 1.3, "Dương": 1.0,
    "Lý": 0.5, "Đinh": 1.0, "Trịnh": 0.9, "Mai": 0.7, "Đào": 0.7, "Lương": 0.7, "Cao": 0.6, "Tạ": 0.5,
    "Hà": 0.6, "Châu": 0.4, "Tô": 0.4, "Thái": 0.4, "Lâm": 0.5, "Quách": 0.3, "Chu": 0.3,
}  # fmt: skip

GIRL_MIDDLES = (
    "Thị",
    "Thị",
    "Ngọc",
    "Thanh",
    "Thu",
    "Minh",
    "Khánh",
    "Phương",
    "Bảo",
    "Thuỳ",
    "Mai",
    "Quỳnh",
)
GIRL_GIVEN = (
    "Lan", "Anh", "Linh", "Hương", "Trang", "Hà", "Ngọc", "Mai", "Thảo", "Vy", "Nhi", "Hoà", "Yến",
    "Dung", "Châu", "Trâm", "Thư", "Giang", "Hạnh", "Nga", "Phượng", "Quyên", "Thuý", "Uyên", "Xuân",
    "Ánh", "My", "Hằng",
)  # fmt: skip
BOY_MIDDLES = (
    "Văn",
    "Văn",
    "Minh",
    "Đức",
    "Quang",
    "Hữu",
    "Gia",
    "Tuấn",
    "Quốc",
    "Hoàng",
    "Thành",
    "Đình",
    "Xuân",
)
BOY_GIVEN = (
    "Anh", "Huy", "Minh", "Nam", "Long", "Dũng", "Khoa", "Phúc", "Hải", "Sơn", "Tùng", "Kiên", "Bình",
    "Hoà", "Quân", "Thắng", "Đạt", "Khôi", "Việt", "Trung", "Hiếu", "Nghĩa", "Thịnh", "Vinh", "Ân",
    "Đăng", "Tiến", "Lộc",
)  # fmt: skip

UNCOMMON = (
    ("Lò Thị Păng", True), ("K'Brếu", False), ("H'Linh Mlô", True), ("Ksor H'Lan", True),
    ("Điểu Thị Bé", True), ("Giàng A Páo", False), ("Vàng Thị Mỷ", True), ("Y Thông Kbuôr", False),
    ("Thạch Sa Rây", False), ("Siu Blưch", False), ("Quàng Văn Ín", False), ("Chảo Mùi Pham", True),
    ("Bàn Tòn Quyên", True), ("Nông Thị Bích Vân", True), ("Hồ Văn Rin", False),
    ("Danh Sóc Kha", False),
)  # fmt: skip
LONG = (
    ("Công Tằng Tôn Nữ Hoàng Thiên Kim", True),
    ("Nguyễn Phúc Bảo Quốc Thiên Ân", False),
    ("Trần Lê Nguyễn Phương Bảo Ngọc", True),
)
DOUBLED = "Nguyễn Thị Lan"
TWO_SPELLINGS = ("Trần Thị Hoà", "Trần Thị Hòa")
UNCOMMON_SHARE = 0.06


@dataclass(frozen=True)
class PersonName:
    """A full name as written in a class list, and whether it is a girl's or a woman's."""

    text: str
    is_female: bool


def draw(rng: np.random.Generator) -> PersonName:
    """One ordinary name, or now and then one of another people."""
    if rng.random() < UNCOMMON_SHARE:
        return PersonName(*UNCOMMON[int(rng.integers(len(UNCOMMON)))])
    is_female = bool(rng.random() < 0.5)
    shares = np.array(list(FAMILY_SHARES.values()))
    family = list(FAMILY_SHARES)[int(rng.choice(len(shares), p=shares / shares.sum()))]
    middles, given = (GIRL_MIDDLES, GIRL_GIVEN) if is_female else (BOY_MIDDLES, BOY_GIVEN)
    middle = middles[int(rng.integers(len(middles)))]
    last = given[int(rng.integers(len(given)))]
    while last == middle:
        last = given[int(rng.integers(len(given)))]
    return PersonName(f"{family} {middle} {last}", is_female)


def names(count: int, rng: np.random.Generator) -> list[PersonName]:
    """Names of `count` people in random order, no two alike: staff, parents, candidates of a drill."""
    found: dict[str, PersonName] = {}
    while len(found) < count:
        person = draw(rng)
        # A large drill outruns what three parts can tell apart: a second given name is added then.
        if person.text in found and len(found) > 2000:
            extra = (GIRL_GIVEN if person.is_female else BOY_GIVEN)[int(rng.integers(len(GIRL_GIVEN)))]
            person = PersonName(f"{person.text} {extra}", person.is_female)
        found.setdefault(person.text, person)
    return list(found.values())


def class_names(count: int, rng: np.random.Generator) -> list[PersonName]:
    """A class list with the cases that trip systems up, as far as `count` has room for them.

    Three pupils called Nguyễn Thị Lan (told apart by birth date), both spellings of Hoà, one long name,
    one of another people, one typed in decomposed letters (NFD); the rest are ordinary and differ.
    """
    odd = [
        *(PersonName(DOUBLED, True) for _ in range(3)),
        *(PersonName(text, True) for text in TWO_SPELLINGS),
        PersonName(*LONG[int(rng.integers(len(LONG)))]),
        PersonName(*UNCOMMON[int(rng.integers(len(UNCOMMON)))]),
    ][:count]
    taken = {person.text for person in odd}
    ordinary = [person for person in names(count + len(odd), rng) if person.text not in taken]
    people = odd + ordinary[: count - len(odd)]
    if count > len(odd):
        people[-1] = PersonName(unicodedata.normalize("NFD", people[-1].text), people[-1].is_female)
    return [people[index] for index in rng.permutation(count)]
