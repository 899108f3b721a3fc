"""Lịch sử 12: the topics of the demo bank, after the general education programme of 2018."""

from __future__ import annotations

from lms.demo.bank import su_asean, su_cach_mang, su_doi_moi, su_doi_ngoai, su_trat_tu
from lms.demo.bank.shapes import DemoItem, DemoTopic

TOPICS = (
    DemoTopic(
        su_trat_tu.TOPIC,
        "Thế giới trong và sau Chiến tranh lạnh",
        (
            ("SU12.1.1", "Nêu được sự ra đời của Liên hợp quốc và trật tự thế giới hai cực Ianta", "know"),
            (
                "SU12.1.2",
                "Giải thích được nguyên nhân, bản chất của Chiến tranh lạnh và xu thế đa cực",
                "understand",
            ),
            ("SU12.1.3", "Vận dụng hiểu biết về trật tự thế giới để nhận xét các vấn đề quốc tế", "apply"),
        ),
    ),
    DemoTopic(
        su_asean.TOPIC,
        "ASEAN: những chặng đường lịch sử",
        (
            ("SU12.2.1", "Nêu được quá trình hình thành, mở rộng của ASEAN và Cộng đồng ASEAN", "know"),
            (
                "SU12.2.2",
                "Giải thích được mục tiêu, nguyên tắc và ý nghĩa các văn kiện của ASEAN",
                "understand",
            ),
            ("SU12.2.3", "Nhận xét được triển vọng, thách thức của ASEAN và vai trò của Việt Nam", "apply"),
        ),
    ),
    DemoTopic(
        su_cach_mang.TOPIC,
        "Cách mạng tháng Tám, chiến tranh giải phóng dân tộc và bảo vệ Tổ quốc",
        (
            ("SU12.3.1", "Nêu được diễn biến chính của Cách mạng tháng Tám và các cuộc kháng chiến", "know"),
            ("SU12.3.2", "Giải thích được nguyên nhân thắng lợi và ý nghĩa lịch sử", "understand"),
            ("SU12.3.3", "So sánh, đánh giá và rút ra bài học lịch sử", "apply"),
        ),
    ),
    DemoTopic(
        su_doi_moi.TOPIC,
        "Công cuộc Đổi mới ở Việt Nam từ năm 1986 đến nay",
        (
            ("SU12.4.1", "Nêu được các giai đoạn và nội dung chính của đường lối Đổi mới", "know"),
            (
                "SU12.4.2",
                "Giải thích được bối cảnh, quan điểm và thành tựu của công cuộc Đổi mới",
                "understand",
            ),
            ("SU12.4.3", "Rút ra được bài học kinh nghiệm của công cuộc Đổi mới", "apply"),
        ),
    ),
    DemoTopic(
        su_doi_ngoai.TOPIC,
        "Lịch sử đối ngoại của Việt Nam thời cận – hiện đại",
        (
            (
                "SU12.5.1",
                "Nêu được các hoạt động đối ngoại chủ yếu của Việt Nam từ đầu thế kỉ XX đến nay",
                "know",
            ),
            ("SU12.5.2", "Giải thích được mục đích, ý nghĩa của các hoạt động đối ngoại", "understand"),
            ("SU12.5.3", "Vận dụng bài học đối ngoại vào các vấn đề hiện nay", "apply"),
        ),
    ),
)


def items() -> list[DemoItem]:
    """All items of the subject, topic by topic, keys not yet moved."""
    modules = (su_trat_tu, su_asean, su_cach_mang, su_doi_moi, su_doi_ngoai)
    return [item for module in modules for item in module.items()]
