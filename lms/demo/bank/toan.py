"""Toán 12: the topics of the demo bank, after the general education programme of 2018."""

from __future__ import annotations

from lms.demo.bank import toan_ham_so, toan_khong_gian, toan_thong_ke, toan_tich_phan, toan_xac_suat
from lms.demo.bank.shapes import DemoItem, DemoTopic

TOPICS = (
    DemoTopic(
        toan_ham_so.TOPIC,
        "Ứng dụng đạo hàm để khảo sát hàm số",
        (
            ("TOAN12.1.1", "Nhận biết tính đơn điệu, điểm cực trị, tiệm cận từ đồ thị và bảng biến thiên", "know"),
            ("TOAN12.1.2", "Xác định khoảng đơn điệu, cực trị, giá trị lớn nhất, nhỏ nhất và tiệm cận của hàm số", "understand"),
            ("TOAN12.1.3", "Vận dụng đạo hàm để giải bài toán tối ưu và bài toán có tham số", "apply"),
        ),
    ),
    DemoTopic(
        toan_tich_phan.TOPIC,
        "Nguyên hàm và tích phân",
        (
            ("TOAN12.2.1", "Nhận biết nguyên hàm của hàm số sơ cấp và các tính chất của tích phân", "know"),
            ("TOAN12.2.2", "Tính được tích phân và tìm được nguyên hàm thoả mãn điều kiện cho trước", "understand"),
            ("TOAN12.2.3", "Vận dụng tích phân để tính diện tích, thể tích và giải bài toán thực tiễn", "apply"),
        ),
    ),
    DemoTopic(
        toan_khong_gian.TOPIC,
        "Vectơ và phương pháp toạ độ trong không gian",
        (
            ("TOAN12.3.1", "Nhận biết toạ độ của vectơ và phương trình mặt phẳng, đường thẳng, mặt cầu", "know"),
            ("TOAN12.3.2", "Viết được phương trình mặt phẳng, đường thẳng; tính được tích vô hướng và khoảng cách", "understand"),
            ("TOAN12.3.3", "Vận dụng toạ độ để giải bài toán hình học và mô hình thực tiễn", "apply"),
        ),
    ),
    DemoTopic(
        toan_xac_suat.TOPIC,
        "Xác suất có điều kiện",
        (
            ("TOAN12.4.1", "Nhận biết khái niệm và công thức tính xác suất có điều kiện", "know"),
            ("TOAN12.4.2", "Tính được xác suất bằng công thức xác suất toàn phần, bảng và sơ đồ hình cây", "understand"),
            ("TOAN12.4.3", "Vận dụng công thức Bayes trong các tình huống thực tiễn", "apply"),
        ),
    ),
    DemoTopic(
        toan_thong_ke.TOPIC,
        "Các số đặc trưng của mẫu số liệu ghép nhóm",
        (
            ("TOAN12.5.1", "Nhận biết khoảng biến thiên, khoảng tứ phân vị, phương sai và độ lệch chuẩn", "know"),
            ("TOAN12.5.2", "Tính được các số đặc trưng đo mức độ phân tán của mẫu số liệu ghép nhóm", "understand"),
            ("TOAN12.5.3", "Giải thích, so sánh các mẫu số liệu bằng số đặc trưng đo mức độ phân tán", "apply"),
        ),
    ),
)  # fmt: skip


def items() -> list[DemoItem]:
    """All items of the subject, topic by topic, keys not yet moved."""
    modules = (toan_ham_so, toan_tich_phan, toan_khong_gian, toan_xac_suat, toan_thong_ke)
    return [item for module in modules for item in module.items()]
