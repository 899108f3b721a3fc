"""Toán 12, topic 5: measures of spread of grouped data (range, quartiles, variance)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt

from lms.demo import pictures
from lms.demo.bank.grouped import Sample
from lms.demo.bank.latex import decimal, number
from lms.demo.bank.shapes import Author, DemoItem, Recipe, math

TOPIC = "TOAN12.5"


RUNNING = Sample(20, 5, (4, 8, 12, 12, 4))
SLEEP = Sample(4, 1, (4, 10, 16, 8, 2))
INCOME = Sample(5, 2, (6, 10, 16, 6, 2))
DELIVERY = Sample(10, 10, (5, 10, 20, 10, 5))
HEIGHT = Sample(150, 4, (4, 8, 16, 8, 4))
BATTERY = Sample(6, 2, (2, 6, 8, 4))


def items() -> list[DemoItem]:
    """All items of the topic."""
    author = Author(TOPIC)
    _definitions(author)
    _ranges(author)
    _quartiles(author)
    _spread(author)
    _comparisons(author)
    _known_groups(author)
    _understood_groups(author)
    _applied_groups(author)
    _short_known(author)
    _short_computed(author)
    return author.items


def _definitions(author: Author) -> None:
    """Level know: what each measure says."""
    author.choice(
        "know",
        r"Khoảng tứ phân vị của một mẫu số liệu ghép nhóm có các tứ phân vị \( Q_1 \), \( Q_2 \), \( Q_3 \) là",
        math(r"\Delta_Q = Q_3 - Q_1"),
        [math(r"\Delta_Q = Q_3 - Q_2"), math(r"\Delta_Q = Q_2 - Q_1"), math(r"\Delta_Q = Q_1 - Q_3")],
        "Khoảng tứ phân vị là hiệu của tứ phân vị thứ ba và tứ phân vị thứ nhất.",
    )
    author.choice(
        "know",
        "Trong các số đặc trưng sau của mẫu số liệu ghép nhóm, số nào đo mức độ phân tán của số liệu quanh số trung bình?",
        "Độ lệch chuẩn",
        ["Số trung vị", "Mốt", "Số trung bình"],
        "Độ lệch chuẩn (căn bậc hai của phương sai) đo độ phân tán quanh số trung bình; ba số còn lại đo xu thế trung tâm.",
    )
    author.choice(
        "know",
        "Phương sai của một mẫu số liệu ghép nhóm bằng 6,25. Độ lệch chuẩn của mẫu số liệu đó bằng",
        math(number(2.5)),
        [math(number(value)) for value in (3.125, 12.5, 39.0625)],
        r"\( s = \sqrt{6{,}25} = 2{,}5 \).",
        recipe=Recipe("root", {"value": 6.25}),
    )


def _ranges(author: Author) -> None:
    """Level know: range, class mark and modal group from a table or a histogram."""
    for sample, quantity, unit, who in (
        (RUNNING, "Thời gian", "phút", "Thời gian chạy bộ mỗi ngày của một nhóm người"),
        (INCOME, "Thu nhập", "triệu đồng", "Thu nhập hằng tháng của công nhân một xưởng may"),
    ):
        right = sample.edges[-1] - sample.edges[0]
        author.choice(
            "know",
            f"{who} được thống kê trong bảng sau. Khoảng biến thiên của mẫu số liệu ghép nhóm này là"
            + sample.table(quantity, unit),
            f"{right} {unit}",
            [
                f"{value} {unit}"
                for value in (right - sample.width, sample.width, max(sample.counts) - min(sample.counts) + 3)
            ],
            rf"\( R = {sample.edges[-1]} - {sample.edges[0]} = {right} \).",
            recipe=sample.recipe("range"),
        )
    chart = pictures.histogram(BATTERY.edges, BATTERY.counts, "h")
    author.choice(
        "know",
        "Biểu đồ dưới đây cho biết thời gian sử dụng pin (giờ) của 20 chiếc điện thoại. Nhóm có tần số lớn nhất là",
        math(r"[10;\, 12)"),
        [math(r"[8;\, 10)"), math(r"[12;\, 14)"), math(r"[6;\, 8)")],
        "Cột cao nhất của biểu đồ ứng với nhóm từ 10 đến dưới 12 giờ, gồm 8 chiếc.",
        picture=(
            chart,
            "Biểu đồ tần số ghép nhóm: 6-8 giờ có 2, 8-10 giờ có 6, 10-12 giờ có 8, 12-14 giờ có 4 chiếc",
        ),
    )


def _quartiles(author: Author) -> None:
    """Level understand: quartiles by interpolation."""
    for sample, quarter, quantity, unit, story in (
        (
            SLEEP,
            1,
            "Thời gian",
            "giờ",
            "Thời gian ngủ mỗi đêm của 40 học sinh lớp 12 được cho trong bảng sau",
        ),
        (DELIVERY, 3, "Thời gian", "phút", "Thời gian giao hàng của 50 đơn hàng được ghi lại trong bảng sau"),
    ):
        right = sample.quartile(quarter)
        edge = max(e for e in sample.edges if e <= right)
        half = Fraction(sample.width, 2)
        wrong = [edge + half, right + half * Fraction(2, 5), sample.quartile(4 - quarter)]
        author.choice(
            "understand",
            f"{story}. Tứ phân vị thứ {'nhất' if quarter == 1 else 'ba'} của mẫu số liệu bằng"
            + sample.table(quantity, unit),
            math(number(float(right))),
            [math(number(float(value))) for value in wrong],
            rf"Cỡ mẫu \( n = {sample.size} \), \( \frac{{{'n' if quarter == 1 else '3n'}}}{{4}} = {number(quarter * sample.size / 4)} \); "
            rf"nội suy trong nhóm chứa tứ phân vị được \( Q_{quarter} = {number(float(right))} \).",
            recipe=sample.recipe(f"quartile {quarter}"),
        )
    author.choice(
        "understand",
        "Chiều cao của 40 học sinh nữ được cho trong bảng sau. Khoảng tứ phân vị của mẫu số liệu bằng"
        + HEIGHT.table("Chiều cao", "cm"),
        math(number(float(HEIGHT.quartile(3) - HEIGHT.quartile(1)))),
        [math(number(value)) for value in (20, 12, 8)],
        r"\( Q_1 = 157 \), \( Q_3 = 163 \) nên \( \Delta_Q = 6 \).",
        recipe=HEIGHT.recipe("interquartile"),
    )


def _spread(author: Author) -> None:
    """Level understand: mean and variance of grouped data."""
    author.choice(
        "understand",
        "Thời gian giao hàng (phút) của 50 đơn hàng khác nhau được thống kê như sau. Phương sai của mẫu số liệu ghép nhóm bằng"
        + DELIVERY.table("Thời gian", "phút"),
        math(number(float(DELIVERY.variance))),
        [math(number(value)) for value in (60, 35, 144)],
        r"Dùng giá trị đại diện 15; 25; 35; 45; 55: \( \overline{x} = 35 \) và \( s^2 = \frac{5 \cdot 400 + 10 \cdot 100 + 10 \cdot 100 + 5 \cdot 400}{50} = 120 \).",
        recipe=DELIVERY.recipe("variance"),
    )
    author.choice(
        "understand",
        "Chiều cao của học sinh trong một câu lạc bộ bóng chuyền được cho trong bảng sau. Số trung bình của mẫu số liệu bằng"
        + HEIGHT.table("Chiều cao", "cm"),
        math(number(float(HEIGHT.mean))) + " cm",
        [math(number(value)) + " cm" for value in (158, 162, 164)],
        r"Bảng tần số đối xứng qua nhóm \( [158;\, 162) \) nên số trung bình là giá trị đại diện \( 160 \).",
        recipe=HEIGHT.recipe("mean"),
    )
    author.choice(
        "understand",
        "Nếu cộng thêm 5 vào mọi giá trị của một mẫu số liệu thì",
        "số trung bình tăng 5, độ lệch chuẩn không đổi",
        [
            "số trung bình tăng 5, độ lệch chuẩn tăng 5",
            "số trung bình không đổi, độ lệch chuẩn tăng 5",
            "số trung bình và độ lệch chuẩn không đổi",
        ],
        "Mọi giá trị và số trung bình cùng dịch chuyển 5 đơn vị nên khoảng cách đến số trung bình giữ nguyên.",
    )


def _comparisons(author: Author) -> None:
    """Level apply: deciding with measures of spread."""
    author.choice(
        "apply",
        "Điểm trung bình của hai xạ thủ A và B sau 40 lần bắn đều bằng 8,2. Độ lệch chuẩn của A là 0,6, của B là 1,1. Nhận xét nào đúng?",
        "Hai xạ thủ ngang nhau về trung bình, A ổn định hơn B",
        [
            "Hai xạ thủ ngang nhau về trung bình, B ổn định hơn A",
            "Xạ thủ A bắn giỏi hơn vì có điểm trung bình cao hơn",
            "Xạ thủ B bắn giỏi hơn vì có độ lệch chuẩn lớn hơn",
        ],
        "Cùng số trung bình, mẫu số liệu có độ lệch chuẩn nhỏ hơn thì ít phân tán hơn.",
    )
    author.choice(
        "apply",
        "Thời gian ngủ (giờ) của 40 học sinh cho trong bảng. Một giá trị được xem là ngoại lệ nếu nhỏ hơn "
        r"\( Q_1 - 1{,}5\Delta_Q \) hoặc lớn hơn \( Q_3 + 1{,}5\Delta_Q \). Thời gian ngủ nào sau đây là giá trị ngoại lệ?"
        + SLEEP.table("Thời gian", "giờ"),
        "3 giờ",
        ["4,5 giờ", "6 giờ", "8,5 giờ"],
        r"\( Q_1 = 5{,}6 \), \( Q_3 = 7 \), \( \Delta_Q = 1{,}4 \); ngoại lệ khi nhỏ hơn \( 3{,}5 \) hoặc lớn hơn \( 9{,}1 \).",
        recipe=SLEEP.recipe("outlier"),
        high=True,
    )
    deviation = sqrt(float(INCOME.variance))
    author.choice(
        "apply",
        "Thu nhập (triệu đồng/tháng) của 40 công nhân cho trong bảng sau. Độ lệch chuẩn của mẫu số liệu, làm tròn đến hàng phần trăm, bằng"
        + INCOME.table("Thu nhập", "triệu đồng"),
        math(number(round(deviation, 2))),
        [
            math(number(round(value, 2)))
            for value in (float(INCOME.variance), float(INCOME.variance) / 2, deviation / 2)
        ],
        rf"\( \overline{{x}} = {number(float(INCOME.mean))} \), \( s^2 = {number(float(INCOME.variance))} \), \( s \approx {number(round(deviation, 2))} \).",
        recipe=INCOME.recipe("deviation", 2),
    )
    chart = pictures.histogram(BATTERY.edges, BATTERY.counts, "h")
    author.choice(
        "apply",
        "Thời gian sử dụng pin của 20 chiếc máy tính bảng được biểu diễn trong biểu đồ. Phương sai của mẫu số liệu ghép nhóm bằng",
        math(number(float(BATTERY.variance))),
        [math(number(round(value, 2))) for value in (sqrt(float(BATTERY.variance)), float(BATTERY.mean), 8)],
        rf"Giá trị đại diện 7; 9; 11; 13; \( \overline{{x}} = {number(float(BATTERY.mean))} \) và \( s^2 = {number(float(BATTERY.variance))} \).",
        picture=(chart, "Biểu đồ tần số: 6-8 giờ có 2, 8-10 giờ có 6, 10-12 giờ có 8, 12-14 giờ có 4 chiếc"),
        recipe=BATTERY.recipe("variance"),
    )
    author.choice(
        "apply",
        "Nhóm tuổi của khách ở hai rạp chiếu phim được thống kê: rạp thứ nhất có khoảng tứ phân vị 6 tuổi, rạp thứ hai có khoảng tứ phân vị 15 tuổi. "
        "Kết luận nào sau đây hợp lí nhất?",
        "Độ tuổi của nửa giữa số khách ở rạp thứ nhất tập trung hơn",
        [
            "Khách ở rạp thứ nhất trẻ hơn khách ở rạp thứ hai",
            "Rạp thứ hai có số khách nhiều hơn rạp thứ nhất",
            "Tuổi trung bình của khách ở rạp thứ hai cao hơn",
        ],
        "Khoảng tứ phân vị đo độ phân tán của 50 % số liệu ở giữa, không cho biết cỡ mẫu hay số trung bình.",
    )


def _facts(sample: Sample, quantity: str, unit: str, story: str) -> str:
    return f"{story}{sample.table(quantity, unit)}"


def _known_groups(author: Author) -> None:
    author.group(
        "know",
        _facts(RUNNING, "Thời gian", "phút", "Bảng sau thống kê thời gian tự học buổi tối của 40 học sinh."),
        [
            ("Cỡ mẫu của mẫu số liệu là 40.", True),
            ("Độ dài của mỗi nhóm là 5 phút.", True),
            ("Giá trị đại diện của nhóm đầu tiên là 20 phút.", False),
            ("Khoảng biến thiên của mẫu số liệu là 25 phút.", True),
        ],
        r"Giá trị đại diện của nhóm \( [20;\, 25) \) là \( 22{,}5 \); khoảng biến thiên \( 45 - 20 = 25 \).",
        recipe=RUNNING.recipe("table_facts"),
    )
    author.group(
        "know",
        "Xét các số đặc trưng đo mức độ phân tán của một mẫu số liệu ghép nhóm.",
        [
            ("Phương sai không bao giờ là số âm.", True),
            ("Độ lệch chuẩn có cùng đơn vị với số liệu.", True),
            ("Khoảng biến thiên luôn nhỏ hơn khoảng tứ phân vị.", False),
            ("Phương sai càng lớn thì số liệu càng tập trung quanh số trung bình.", False),
        ],
        "Khoảng biến thiên không nhỏ hơn khoảng tứ phân vị; phương sai lớn nghĩa là số liệu phân tán.",
    )


def _understood_groups(author: Author) -> None:
    author.group(
        "understand",
        _facts(
            SLEEP,
            "Thời gian",
            "giờ",
            "Thời gian sử dụng Internet mỗi ngày của 40 người được thống kê như sau.",
        ),
        [
            (r"Tứ phân vị thứ nhất bằng \( 5{,}6 \) giờ.", True),
            (r"Trung vị của mẫu số liệu thuộc nhóm \( [6;\, 7) \).", True),
            (r"Tứ phân vị thứ ba bằng \( 7{,}5 \) giờ.", False),
            (r"Khoảng tứ phân vị bằng \( 1{,}4 \) giờ.", True),
        ],
        r"\( Q_1 = 5 + \frac{10 - 4}{10} = 5{,}6 \); \( Q_3 = 6 + \frac{30 - 14}{16} = 7 \); \( \Delta_Q = 1{,}4 \).",
        recipe=SLEEP.recipe("quartile_facts"),
    )
    author.group(
        "understand",
        _facts(HEIGHT, "Chiều cao", "cm", "Chiều cao của 40 cây giống trong vườn ươm được thống kê như sau."),
        [
            (r"Số trung bình của mẫu số liệu bằng \( 160 \) cm.", True),
            (r"Phương sai của mẫu số liệu bằng \( 19{,}2 \).", True),
            (r"Độ lệch chuẩn của mẫu số liệu lớn hơn \( 5 \) cm.", False),
            (r"Số trung bình và trung vị của mẫu số liệu khác nhau.", False),
        ],
        r"\( s^2 = \frac{8 \cdot 64 + 16 \cdot 16}{40} = 19{,}2 \), \( s \approx 4{,}4 \); bảng đối xứng nên trung vị cũng bằng \( 160 \).",
        recipe=HEIGHT.recipe("spread_facts"),
    )


def _applied_groups(author: Author) -> None:
    author.group(
        "apply",
        "Thời gian chờ (phút) của khách ở hai quầy giao dịch được thống kê trong bảng sau."
        "<table><tbody><tr><th>Thời gian (phút)</th>"
        r"<td>\( [0;\, 4) \)</td><td>\( [4;\, 8) \)</td><td>\( [8;\, 12) \)</td></tr>"
        "<tr><th>Quầy 1</th><td>5</td><td>10</td><td>5</td></tr><tr><th>Quầy 2</th><td>8</td><td>4</td><td>8</td></tr></tbody></table>",
        [
            ("Thời gian chờ trung bình ở hai quầy bằng nhau.", True),
            (r"Phương sai của thời gian chờ ở quầy 1 bằng \( 8 \).", True),
            ("Thời gian chờ ở quầy 2 đồng đều hơn quầy 1.", False),
            ("Khoảng biến thiên của thời gian chờ ở quầy 2 lớn hơn ở quầy 1.", False),
        ],
        r"Hai số trung bình đều bằng \( 6 \); \( s_1^2 = \frac{10 \cdot 16}{20} = 8 \), \( s_2^2 = \frac{16 \cdot 16}{20} = 12{,}8 \); hai khoảng biến thiên đều bằng \( 12 \).",
        recipe=Recipe("counter_facts", {}),
    )
    author.group(
        "apply",
        "Hai tổ sản xuất ghi lại khối lượng (gam) của 50 gói bánh mỗi tổ. Tổ A: số trung bình 200, độ lệch chuẩn 1,5. Tổ B: số trung bình 201, độ lệch chuẩn 4. "
        "Gói bánh đạt chuẩn có khối lượng in trên bao bì là 200 gam.",
        [
            ("Khối lượng gói bánh của tổ A ổn định hơn tổ B.", True),
            ("Phương sai khối lượng của tổ B bằng 8.", False),
            ("Nếu mỗi gói bánh của tổ B bớt đi 1 gam thì độ lệch chuẩn của tổ B giảm còn 3.", False),
            ("Nếu đổi đơn vị từ gam sang kilôgam, độ lệch chuẩn của tổ A bằng 0,0015.", True),
        ],
        "Phương sai của tổ B là 16; trừ cùng một số không làm thay đổi độ lệch chuẩn; chia số liệu cho 1000 thì độ lệch chuẩn cũng chia cho 1000.",
        high=True,
    )


def _short_known(author: Author) -> None:
    author.short(
        "know",
        "Một mẫu số liệu ghép nhóm có độ lệch chuẩn bằng 1,2. Phương sai của mẫu số liệu đó bằng bao nhiêu?",
        "1,44",
        r"\( s^2 = 1{,}2^2 = 1{,}44 \).",
        recipe=Recipe("square", {"value": 1.2}),
    )
    author.short(
        "know",
        r"Một mẫu số liệu ghép nhóm có \( Q_1 = 23{,}5 \) và \( Q_3 = 31 \). Khoảng tứ phân vị của mẫu số liệu đó bằng bao nhiêu?",
        "7,5",
        r"\( \Delta_Q = 31 - 23{,}5 = 7{,}5 \).",
        recipe=Recipe("difference", {"high": 31, "low": 23.5}),
    )


def _short_computed(author: Author) -> None:
    rows: Sequence[tuple[str, Sample, str, int | None, str, str, str]] = (
        ("understand", RUNNING, "mean", None, "Thời gian", "phút", "Thời gian xe buýt chạy hết tuyến trong 40 chuyến cho trong bảng. Tính số trung bình của mẫu số liệu ghép nhóm."),
        ("understand", DELIVERY, "quartile 1", None, "Quãng đường", "km", "Quãng đường đi làm mỗi tháng của 50 nhân viên cho trong bảng. Tính tứ phân vị thứ nhất của mẫu số liệu."),
        ("understand", BATTERY, "variance", None, "Tuổi thọ", "nghìn giờ", "Tuổi thọ của 20 bóng đèn cho trong bảng. Tính phương sai của mẫu số liệu ghép nhóm."),
        ("apply", RUNNING, "interquartile", 2, "Thời gian", "giây", "Thời gian giải một khối rubik của 40 bạn cho trong bảng. Tính khoảng tứ phân vị (làm tròn kết quả đến hàng phần trăm)."),
        ("apply", SLEEP, "deviation", 2, "Khối lượng", "kg", "Khối lượng của 40 con gà cùng lứa cho trong bảng. Tính độ lệch chuẩn của mẫu số liệu (làm tròn kết quả đến hàng phần trăm)."),
        ("apply", DELIVERY, "deviation", 0, "Điểm", "điểm", "Điểm thi năng lực của 50 thí sinh cho trong bảng. Tính độ lệch chuẩn của mẫu số liệu (làm tròn kết quả đến hàng đơn vị)."),
    )  # fmt: skip
    for level, sample, what, digits, quantity, unit, story in rows:
        value = _measure(sample, what)
        author.short(
            level,
            story + sample.table(quantity, unit),
            decimal(float(value) if digits is None else round(value, digits)),
            rf"Cỡ mẫu \( n = {sample.size} \); tính theo công thức của mẫu số liệu ghép nhóm được \( {number(round(float(value), 4))} \).",
            recipe=sample.recipe(what, digits),
        )


def _measure(sample: Sample, what: str) -> float:
    """A measure of a sample by its name in a recipe."""
    if what.startswith("quartile"):
        return float(sample.quartile(int(what[-1])))
    if what == "interquartile":
        return float(sample.quartile(3) - sample.quartile(1))
    return {
        "mean": float(sample.mean),
        "variance": float(sample.variance),
        "deviation": sqrt(sample.variance),
    }[what]
