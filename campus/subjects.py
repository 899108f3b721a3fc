"""The school subjects: their codes, which are stored, and their names in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Subject:
    """A school subject of the general education programme 2018."""

    code: str
    vietnamese: str
    english: str
    is_foreign_language: bool = False

    def name(self, locale: str) -> str:
        """The subject's name in this language."""
        return self.english if locale == "en" else self.vietnamese


_ALL = (
    Subject("toan", "Toán", "Mathematics"),
    Subject("ngu_van", "Ngữ văn", "Literature"),
    Subject("tieng_anh", "Tiếng Anh", "English", is_foreign_language=True),
    Subject("tieng_nga", "Tiếng Nga", "Russian", is_foreign_language=True),
    Subject("tieng_phap", "Tiếng Pháp", "French", is_foreign_language=True),
    Subject("tieng_trung", "Tiếng Trung Quốc", "Chinese", is_foreign_language=True),
    Subject("tieng_duc", "Tiếng Đức", "German", is_foreign_language=True),
    Subject("tieng_nhat", "Tiếng Nhật", "Japanese", is_foreign_language=True),
    Subject("tieng_han", "Tiếng Hàn", "Korean", is_foreign_language=True),
    Subject("vat_li", "Vật lí", "Physics"),
    Subject("hoa_hoc", "Hoá học", "Chemistry"),
    Subject("sinh_hoc", "Sinh học", "Biology"),
    Subject("lich_su", "Lịch sử", "History"),
    Subject("dia_li", "Địa lí", "Geography"),
    Subject("gdkt_pl", "Giáo dục kinh tế và pháp luật", "Economic and legal education"),
    Subject("tin_hoc", "Tin học", "Informatics"),
    Subject("cong_nghe_cn", "Công nghệ – Công nghiệp", "Technology: industry"),
    Subject("cong_nghe_nn", "Công nghệ – Nông nghiệp", "Technology: agriculture"),
    # Lower secondary and primary school
    Subject("khtn", "Khoa học tự nhiên", "Natural sciences"),
    Subject("lich_su_dia_li", "Lịch sử và Địa lí", "History and geography"),
    Subject("gdcd", "Giáo dục công dân", "Civic education"),
    Subject("cong_nghe", "Công nghệ", "Technology"),
    Subject("tieng_viet", "Tiếng Việt", "Vietnamese"),
    Subject("khoa_hoc", "Khoa học", "Science"),
)

SUBJECTS: Mapping[str, Subject] = MappingProxyType({subject.code: subject for subject in _ALL})


def subject_name(code: str, locale: str) -> str:
    """The name of the subject with this code; the code itself for one that a school has made up."""
    subject = SUBJECTS.get(code)
    return subject.name(locale) if subject else code
