"""The catalogue of subjects."""

from campus.subjects import SUBJECTS, subject_name


def test_codes_are_ascii_and_names_are_there_in_both_languages():
    for code, subject in SUBJECTS.items():
        assert code == subject.code
        assert code.isascii()
        assert code.replace("_", "").isalnum()
        assert len(code) <= 30
        assert subject.vietnamese
        assert subject.english


def test_national_exam_has_seven_foreign_languages():
    assert sum(subject.is_foreign_language for subject in SUBJECTS.values()) == 7


def test_subject_is_named_in_the_readers_language():
    assert subject_name("vat_li", "vi") == "Vật lí"
    assert subject_name("vat_li", "en") == "Physics"
    assert subject_name("co_vua", "vi") == "co_vua"
