"""Vật lí 12: the topics of the demo bank, after the general education programme of 2018."""

from __future__ import annotations

from lms.demo.bank import li_hat_nhan, li_khi, li_nhiet, li_tu_truong
from lms.demo.bank.shapes import DemoItem, DemoTopic

TOPICS = (
    DemoTopic(
        li_nhiet.TOPIC,
        "Vật lí nhiệt",
        (
            ("LI12.1.1", "Nêu được cấu tạo chất, nội năng và định luật 1 của nhiệt động lực học", "know"),
            ("LI12.1.2", "Giải thích được sự chuyển thể, sự truyền nhiệt và tính được nhiệt lượng", "understand"),
            ("LI12.1.3", "Vận dụng phương trình cân bằng nhiệt và thiết kế phương án thí nghiệm", "apply"),
        ),
    ),
    DemoTopic(
        li_khi.TOPIC,
        "Khí lí tưởng",
        (
            ("LI12.2.1", "Nêu được mô hình khí lí tưởng và các định luật của chất khí", "know"),
            ("LI12.2.2", "Giải thích được đồ thị và hiện tượng bằng các định luật chất khí", "understand"),
            ("LI12.2.3", "Vận dụng phương trình trạng thái của khí lí tưởng", "apply"),
        ),
    ),
    DemoTopic(
        li_tu_truong.TOPIC,
        "Từ trường",
        (
            ("LI12.3.1", "Nêu được khái niệm từ trường, cảm ứng từ, từ thông và cảm ứng điện từ", "know"),
            ("LI12.3.2", "Xác định được chiều lực từ, chiều dòng điện cảm ứng và đặc trưng của dòng điện xoay chiều", "understand"),
            ("LI12.3.3", "Vận dụng biểu thức lực từ, suất điện động cảm ứng, máy biến áp", "apply"),
        ),
    ),
    DemoTopic(
        li_hat_nhan.TOPIC,
        "Vật lí hạt nhân",
        (
            ("LI12.4.1", "Nêu được cấu tạo hạt nhân, các loại phóng xạ và phản ứng hạt nhân", "know"),
            ("LI12.4.2", "Viết được phương trình phản ứng hạt nhân và đọc được đồ thị phân rã", "understand"),
            ("LI12.4.3", "Vận dụng định luật phóng xạ và hệ thức năng lượng liên kết", "apply"),
        ),
    ),
)  # fmt: skip


def items() -> list[DemoItem]:
    """All items of the subject, topic by topic, keys not yet moved."""
    return [item for module in (li_nhiet, li_khi, li_tu_truong, li_hat_nhan) for item in module.items()]
