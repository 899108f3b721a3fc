"""Toán 12, topic 1: using the derivative to study functions and draw their graphs."""

from __future__ import annotations

from collections.abc import Sequence

from lms.demo import pictures
from lms.demo.bank.latex import decimal, fraction, less, polynomial
from lms.demo.bank.shapes import Author, DemoItem, Recipe, math
from lms.demo.bank.variation import cubic_table

TOPIC = "TOAN12.1"


def items() -> list[DemoItem]:
    """All items of the topic."""
    author = Author(TOPIC)
    _reading(author)
    _monotony(author)
    _extreme_values(author)
    _asymptotes(author)
    _parameters(author)
    _practice(author)
    _groups(author)
    _cubic_groups(author)
    _practice_groups(author)
    _short(author)
    _short_practice(author)
    _essay(author)
    return author.items


def _reading(author: Author) -> None:
    """Levels know: what a graph, a table or a factored derivative says."""
    graph = pictures.function_graph(lambda x: x**3 - 3 * x + 1, (-2.8, 2.8, -2.6, 4.4), [(-1, 3), (1, -1)])
    seen = (graph, "Đồ thị hàm số bậc ba có điểm cực đại (-1; 3) và điểm cực tiểu (1; -1)")
    author.choice(
        "know",
        r"Cho hàm số bậc ba \( y = f(x) \) có đồ thị như hình vẽ. Giá trị cực đại của hàm số đã cho bằng",
        math(3),
        [math(-1), math(1), math(-3)],
        r"Từ đồ thị, hàm số đạt cực đại tại \( x = -1 \) và giá trị cực đại là \( y = 3 \).",
        picture=seen,
        recipe=Recipe("cubic_extreme", {"coefficients": [1, 0, -3, 1], "which": "max value"}),
    )
    falling = pictures.function_graph(lambda x: -(x**3) + 3 * x**2, (-1.7, 3.8, -1.4, 5), [(2, 4)])
    author.choice(
        "know",
        r"Cho hàm số \( y = f(x) \) có đồ thị như hình vẽ. Hàm số đã cho đồng biến trên khoảng nào dưới đây?",
        math(r"(0;\, 2)"),
        [math(r"(2;\, +\infty)"), math(r"(-\infty;\, 0)"), math(r"(0;\, 4)")],
        r"Trên khoảng \( (0;\, 2) \), đồ thị đi lên từ trái sang phải nên hàm số đồng biến.",
        picture=(falling, "Đồ thị hàm số bậc ba đi lên từ gốc toạ độ đến điểm (2; 4), còn lại đi xuống"),
        recipe=Recipe("rising_on", {"coefficients": [-1, 3, 0, 0]}),
    )
    for low, high, top, bottom, what in ((-2, 1, 4, -5, "x max"), (0, 3, 2, -6, "min value")):
        asks = "Điểm cực đại" if what == "x max" else "Giá trị cực tiểu"
        right = low if what == "x max" else bottom
        others = [value for value in (low, high, top, bottom) if value != right]
        author.choice(
            "know",
            rf"Cho hàm số \( y = f(x) \) có bảng biến thiên như sau. {asks} của hàm số đã cho là"
            + cubic_table(low, high, top, bottom),
            math(f"x = {right}" if what == "x max" else f"y = {right}"),
            [math(f"{'x' if what == 'x max' else 'y'} = {value}") for value in others],
            rf"Đạo hàm đổi dấu {'từ dương sang âm' if what == 'x max' else 'từ âm sang dương'} "
            rf"khi \( x \) đi qua {math(low if what == 'x max' else high)}.",
        )
    author.choice(
        "know",
        r"Hàm số \( y = f(x) \) có đạo hàm \( f'(x) = x(x - 1)^2(x + 2) \) với mọi \( x \in \mathbb{R} \). "
        r"Số điểm cực trị của hàm số đã cho là",
        math(2),
        [math(3), math(1), math(4)],
        r"\( f'(x) \) chỉ đổi dấu khi qua \( x = 0 \) và \( x = -2 \); tại \( x = 1 \) (nghiệm bội chẵn) không đổi dấu.",
        recipe=Recipe("sign_changes", {"roots": [[0, 1], [1, 2], [-2, 1]]}),
    )
    author.choice(
        "know",
        r"Cho hàm số \( y = f(x) \) có đạo hàm trên khoảng \( (a;\, b) \). Khẳng định nào sau đây đúng?",
        r"Nếu \( f'(x) > 0 \) với mọi \( x \in (a;\, b) \) thì hàm số đồng biến trên \( (a;\, b) \)",
        [
            r"Nếu \( f'(x) > 0 \) với mọi \( x \in (a;\, b) \) thì hàm số nghịch biến trên \( (a;\, b) \)",
            r"Nếu \( f'(x_0) = 0 \) với \( x_0 \in (a;\, b) \) thì hàm số luôn đạt cực trị tại \( x_0 \)",
            r"Nếu \( f'(x) < 0 \) với mọi \( x \in (a;\, b) \) thì hàm số không đổi trên \( (a;\, b) \)",
        ],
        "Đây là định lí về mối liên hệ giữa dấu của đạo hàm và tính đơn điệu của hàm số.",
    )


def _monotony(author: Author) -> None:
    """Level understand: intervals of monotony of a cubic from its derivative."""
    for b, c, d in ((-3, -9, 2), (-6, 9, -1)):
        low, high = ((-1, 3), (1, 3))[b == -6]
        author.choice(
            "understand",
            rf"Hàm số \( y = {polynomial([1, b, c, d])} \) nghịch biến trên khoảng nào dưới đây?",
            math(rf"({low};\, {high})"),
            [
                math(rf"({high};\, +\infty)"),
                math(rf"(-\infty;\, {low})"),
                math(rf"({low - 2};\, {high})"),
            ],
            rf"\( y' = {polynomial([3, 2 * b, c])} < 0 \Leftrightarrow {low} < x < {high} \).",
            recipe=Recipe("falling_on", {"coefficients": [1, b, c, d]}),
        )


def _extreme_values(author: Author) -> None:
    """Level understand: greatest and least values on a segment."""
    for coefficients, low, high, which in (([1, -3, 0, 5], -1, 3, "min"), ([-1, 0, 12, 1], 0, 3, "max")):
        f = [_value(coefficients, x) for x in range(low, high + 1)]
        right = min(f) if which == "min" else max(f)
        others = [f[0], f[-1], max(f) if which == "min" else min(f), right - 2, right + 3]
        wrong = [value for value in dict.fromkeys(others) if value != right][:3]
        word = "nhỏ nhất" if which == "min" else "lớn nhất"
        author.choice(
            "understand",
            rf"Giá trị {word} của hàm số \( f(x) = {polynomial(coefficients)} \) trên đoạn \( [{low};\, {high}] \) bằng",
            math(right),
            [math(value) for value in wrong],
            rf"Tính \( f'(x) \), tìm các điểm tới hạn thuộc \( [{low};\, {high}] \) rồi so sánh giá trị của \( f \) "
            "tại các điểm đó và tại hai đầu mút.",
            recipe=Recipe("segment_extreme", {"coefficients": coefficients, "on": [low, high], "which": which}),
        )


def _value(coefficients: Sequence[int], x: int) -> int:
    """Horner's value of a polynomial."""
    value = 0
    for coefficient in coefficients:
        value = value * x + coefficient
    return value


def _asymptotes(author: Author) -> None:
    """Slant asymptotes (understand) and the asymptotes of a fraction (understand)."""
    for slope, rise, pole, rest in ((1, 2, 1, 3), (2, -1, -3, 4)):
        top = [slope, rise - slope * pole, rest - rise * pole]
        author.choice(
            "understand",
            rf"Đường tiệm cận xiên của đồ thị hàm số \( y = {fraction(polynomial(top), less('x', pole))} \) là đường thẳng",
            math(f"y = {polynomial([slope, rise])}"),
            [
                math(f"y = {polynomial([slope, -rise])}"),
                math(f"y = {polynomial([slope, top[1]])}"),
                math(f"y = {polynomial([-slope, rise])}"),
            ],
            rf"Chia đa thức: \( y = {polynomial([slope, rise])} + {fraction(rest, less('x', pole))} \), "
            rf"phần phân thức dần tới \( 0 \) khi \( x \to \pm\infty \).",
            recipe=Recipe("slant_asymptote", {"top": top, "pole": pole}),
        )


def _parameters(author: Author) -> None:
    """Level apply: counting integer parameters."""
    for constant in (4, 9):
        half = 2 if constant == 4 else 3
        author.choice(
            "apply",
            rf"Có bao nhiêu giá trị nguyên của tham số \( m \) để hàm số "
            rf"\( y = \frac{{1}}{{3}}x^3 - mx^2 + {constant}x + 2 \) đồng biến trên \( \mathbb{{R}} \)?",
            math(2 * half + 1),
            [math(2 * half - 1), math(2 * half), math(2 * half + 2)],
            rf"\( y' = x^2 - 2mx + {constant} \ge 0 \) với mọi \( x \) khi \( m^2 - {constant} \le 0 \), "
            rf"tức \( -{half} \le m \le {half} \).",
            recipe=Recipe("rising_everywhere", {"constant": constant}),
        )
    graph = pictures.function_graph(lambda x: x**3 - 6 * x**2 + 9 * x - 1, (-0.9, 4.6, -2.2, 4.2), [(1, 3), (3, -1)])
    author.choice(
        "apply",
        r"Cho hàm số bậc ba \( y = f(x) \) có đồ thị như hình vẽ. Có bao nhiêu giá trị nguyên của tham số \( m \) "
        r"để phương trình \( f(x) = m \) có ba nghiệm thực phân biệt?",
        math(3),
        [math(5), math(4), math(2)],
        r"Đường thẳng \( y = m \) cắt đồ thị tại ba điểm khi \( -1 < m < 3 \), nên \( m \in \{0;\, 1;\, 2\} \).",
        picture=(graph, "Đồ thị hàm số bậc ba có điểm cực đại (1; 3) và điểm cực tiểu (3; -1)"),
        recipe=Recipe("three_roots", {"coefficients": [1, -6, 9, -1]}),
    )


def _practice(author: Author) -> None:
    """Level apply: optimal choices in practice; the last know items on asymptotes stand here too."""
    author.choice(
        "apply",
        "Từ một tấm bìa hình vuông cạnh 24 cm, người ta cắt bỏ ở bốn góc bốn hình vuông bằng nhau rồi gập lại "
        "thành một chiếc hộp không nắp. Để thể tích hộp lớn nhất, cạnh của hình vuông bị cắt bằng",
        "4 cm",
        ["6 cm", "3 cm", "8 cm"],
        r"\( V(x) = x(24 - 2x)^2 \) với \( 0 < x < 12 \); \( V'(x) = (24 - 2x)(24 - 6x) = 0 \) cho \( x = 4 \).",
        recipe=Recipe("open_box", {"side": 24}),
    )
    author.choice(
        "apply",
        r"Chi phí trung bình để sản xuất mỗi sản phẩm khi làm ra \( x \) sản phẩm một ngày là "
        r"\( \overline{C}(x) = x + 40 + \frac{2500}{x} \) (nghìn đồng). Chi phí trung bình nhỏ nhất bằng",
        "140 nghìn đồng",
        ["90 nghìn đồng", "50 nghìn đồng", "190 nghìn đồng"],
        r"\( \overline{C}'(x) = 1 - \frac{2500}{x^2} = 0 \) khi \( x = 50 \); \( \overline{C}(50) = 50 + 40 + 50 = 140 \).",
        recipe=Recipe("mean_cost", {"fixed": 40, "over": 2500}),
        high=True,
    )
    graph = pictures.asymptote_graph(lambda x: (2 * x + 1) / (x - 1), (-4, 6, -4, 8), 1, 2)
    author.choice(
        "know",
        r"Đồ thị của hàm số \( y = f(x) \) cho ở hình vẽ, trong đó các đường nét đứt là các đường tiệm cận. "
        "Đường tiệm cận ngang của đồ thị có phương trình là",
        math("y = 2"),
        [math("y = 1"), math("x = 1"), math("x = 2")],
        r"Khi \( x \to \pm\infty \), đồ thị tiến sát đường thẳng \( y = 2 \).",
        picture=(
            graph,
            "Đồ thị có hai nhánh, hai đường tiệm cận nét đứt đi qua 1 trên trục hoành và 2 trên trục tung",
        ),
    )
    author.choice(
        "understand",
        r"Đồ thị hàm số \( y = \frac{3x - 2}{x + 4} \) có tâm đối xứng là điểm",
        math(r"I(-4;\, 3)"),
        [math(r"I(4;\, 3)"), math(r"I(3;\, -4)"), math(r"I(-4;\, -2)")],
        r"Tâm đối xứng là giao điểm của tiệm cận đứng \( x = -4 \) và tiệm cận ngang \( y = 3 \).",
        recipe=Recipe("fraction_centre", {"a": 3, "b": -2, "d": 4}),
    )


def _groups(author: Author) -> None:
    """Groups read from a table and a graph."""
    author.group(
        "know",
        r"Cho hàm số \( y = f(x) \) có bảng biến thiên như sau." + cubic_table(-1, 2, 6, -3),
        [
            (r"Hàm số đồng biến trên khoảng \( (2;\, +\infty) \).", True),
            (r"Hàm số đạt cực tiểu tại \( x = -3 \).", False),
            (r"Giá trị cực đại của hàm số bằng \( 6 \).", True),
            (r"Hàm số có giá trị nhỏ nhất trên \( \mathbb{R} \) bằng \( -3 \).", False),
        ],
        r"Hàm số đạt cực tiểu tại \( x = 2 \); vì \( \lim_{x \to -\infty} f(x) = -\infty \) nên hàm số không có giá trị nhỏ nhất.",
    )
    graph = pictures.slant_graph(lambda x: x + 1 + 1 / (x - 1), (-4, 6, -5, 9), 1, 1, 1)
    author.group(
        "know",
        r"Cho hàm số \( y = f(x) \) xác định trên \( \mathbb{R} \setminus \{1\} \) và có đồ thị như hình vẽ, "
        "trong đó các đường nét đứt là tiệm cận.",
        [
            (r"Đồ thị hàm số có tiệm cận đứng \( x = 1 \).", True),
            ("Đồ thị hàm số có một đường tiệm cận ngang.", False),
            ("Đồ thị hàm số có một đường tiệm cận xiên.", True),
            ("Hàm số không có điểm cực trị nào.", False),
        ],
        "Đồ thị có tiệm cận đứng và tiệm cận xiên, không có tiệm cận ngang; mỗi nhánh có một điểm cực trị.",
        picture=(
            graph,
            "Đồ thị có hai nhánh với tiệm cận đứng x = 1 và một tiệm cận xiên; mỗi nhánh có một điểm cực trị",
        ),
    )


def _cubic_groups(author: Author) -> None:
    """Groups about a cubic."""
    for b, c in ((-3, -9), (3, -24)):
        low, high = (-1, 3) if b == -3 else (-4, 2)
        top, bottom = (_value([1, b, c, 1], x) for x in (low, high))
        author.group(
            "understand",
            rf"Cho hàm số \( f(x) = {polynomial([1, b, c, 1])} \).",
            [
                (rf"Đạo hàm của hàm số là \( f'(x) = {polynomial([3, 2 * b, c])} \).", True),
                (rf"Hàm số đồng biến trên khoảng \( ({low};\, {high}) \).", False),
                (rf"Giá trị cực đại của hàm số bằng \( {top} \).", b == -3),
                (rf"Đồ thị hàm số có tâm đối xứng là điểm có hoành độ bằng \( {-b // 3} \).", True),
            ]
            if b == -3
            else [
                (rf"Phương trình \( f'(x) = 0 \) có hai nghiệm \( x = {low} \) và \( x = {high} \).", True),
                (rf"Hàm số nghịch biến trên khoảng \( ({low};\, {high}) \).", True),
                (rf"Giá trị cực tiểu của hàm số bằng \( {top} \).", False),
                (r"Trên đoạn \( [0;\, 3] \), giá trị lớn nhất của hàm số bằng \( 1 \).", True),
            ],
            rf"\( f'(x) = 0 \) khi \( x = {low} \) hoặc \( x = {high} \); \( f({low}) = {top} \), \( f({high}) = {bottom} \).",
            recipe=Recipe("cubic_facts", {"b": b, "c": c}),
        )


def _practice_groups(author: Author) -> None:
    """Groups from practice."""
    author.group(
        "apply",
        "Một doanh nghiệp bán sản phẩm với giá 60 nghìn đồng thì mỗi tháng bán được 400 sản phẩm. Cứ tăng giá thêm "
        "1 nghìn đồng thì mỗi tháng bán ít đi 5 sản phẩm. Giá vốn của mỗi sản phẩm là 40 nghìn đồng. "
        r"Gọi \( x \) (nghìn đồng, \( 0 \le x \le 80 \)) là số tiền tăng giá.",
        [
            (r"Số sản phẩm bán được mỗi tháng là \( 400 - 5x \).", True),
            (r"Lợi nhuận mỗi tháng là \( P(x) = (60 + x)(400 - 5x) \) nghìn đồng.", False),
            (r"Lợi nhuận lớn nhất khi tăng giá thêm \( 30 \) nghìn đồng.", True),
            (r"Lợi nhuận lớn nhất mỗi tháng bằng \( 12\,500 \) nghìn đồng.", True),
        ],
        r"\( P(x) = (20 + x)(400 - 5x) = -5x^2 + 300x + 8000 \), lớn nhất tại \( x = 30 \) với \( P(30) = 12\,500 \).",
        recipe=Recipe("price_rise", {"price": 60, "cost": 40, "sold": 400, "lost": 5}),
    )
    author.group(
        "apply",
        r"Nồng độ của một loại thuốc trong máu sau khi tiêm \( t \) giờ được mô tả bởi hàm số "
        r"\( C(t) = \frac{0{,}4t}{t^2 + 4} \) (mg/cm³), \( t \ge 0 \).",
        [
            (r"Nồng độ thuốc tăng trong 2 giờ đầu tiên.", True),
            (r"Nồng độ thuốc lớn nhất bằng \( 0{,}1 \) mg/cm³.", True),
            (r"Sau đủ lâu, nồng độ thuốc tiến tới \( 0{,}4 \) mg/cm³.", False),
            (r"Tại thời điểm \( t = 4 \) giờ, nồng độ thuốc bằng một nửa nồng độ lớn nhất.", False),
        ],
        r"\( C'(t) = \frac{0{,}4(4 - t^2)}{(t^2 + 4)^2} \), đổi dấu tại \( t = 2 \); \( C(2) = 0{,}1 \), \( C(4) = 0{,}08 \), "
        r"\( \lim_{t \to +\infty} C(t) = 0 \).",
        recipe=Recipe("drug", {}),
        high=True,
    )


def _short(author: Author) -> None:
    """Short answers, levels know and understand."""
    author.short(
        "know",
        r"Đồ thị hàm số \( y = \frac{5x - 3}{2x + 1} \) có tiệm cận ngang là đường thẳng \( y = b \). Giá trị của \( b \) bằng bao nhiêu?",
        "2,5",
        r"\( \lim_{x \to \pm\infty} \frac{5x - 3}{2x + 1} = \frac{5}{2} = 2{,}5 \).",
        recipe=Recipe("horizontal", {"a": 5, "b": -3, "c": 2, "d": 1}),
    )
    author.short(
        "know",
        r"Hàm số \( y = f(x) \) có \( f'(x) = (x + 3)(x - 2)^2(x - 5)^3 \) với mọi \( x \in \mathbb{R} \). "
        "Hàm số đã cho có bao nhiêu điểm cực trị?",
        "2",
        r"\( f'(x) \) đổi dấu khi qua \( x = -3 \) và \( x = 5 \), không đổi dấu khi qua \( x = 2 \).",
        recipe=Recipe("sign_changes", {"roots": [[-3, 1], [2, 2], [5, 3]]}),
    )
    for coefficients, low, high, which in (([1, 0, -12, 4], -3, 3, "max"), ([2, -3, -12, 1], -2, 3, "min")):
        f = [_value(coefficients, x) for x in range(low, high + 1)]
        word = "lớn nhất" if which == "max" else "nhỏ nhất"
        author.short(
            "understand",
            rf"Tìm giá trị {word} của hàm số \( y = {polynomial(coefficients)} \) trên đoạn \( [{low};\, {high}] \).",
            decimal(max(f) if which == "max" else min(f)),
            rf"\( y' = {polynomial([3 * coefficients[0], 2 * coefficients[1], coefficients[2]])} \); so sánh giá trị tại các điểm tới hạn và hai đầu mút.",
            recipe=Recipe("segment_extreme", {"coefficients": coefficients, "on": [low, high], "which": which}),
        )
    author.short(
        "understand",
        r"Hàm số \( y = x^3 - 3x^2 + mx + 1 \) (với \( m \) là tham số) đạt cực tiểu tại \( x = 2 \). Giá trị của \( m \) bằng bao nhiêu?",
        "0",
        r"\( y'(2) = 12 - 12 + m = 0 \) cho \( m = 0 \); khi đó \( y''(2) = 6 > 0 \) nên thoả mãn.",
        recipe=Recipe("minimum_at", {"at": 2}),
    )


def _short_practice(author: Author) -> None:
    """Short answers from practice."""
    author.short(
        "apply",
        "Người ta muốn rào một mảnh vườn hình chữ nhật giáp một bức tường thẳng (cạnh giáp tường không cần rào) "
        r"bằng \( 60 \) m lưới. Diện tích lớn nhất của mảnh vườn là bao nhiêu mét vuông?",
        "450",
        r"Gọi \( x \) là cạnh vuông góc với tường: \( S = x(60 - 2x) \), lớn nhất khi \( x = 15 \), \( S = 450 \).",
        recipe=Recipe("fence", {"length": 60}),
    )
    author.short(
        "apply",
        r"Một vật chuyển động thẳng với quãng đường \( s(t) = -t^3 + 9t^2 + 6t \) (mét), \( t \) tính bằng giây, "
        r"\( 0 \le t \le 6 \). Vận tốc lớn nhất của vật bằng bao nhiêu mét trên giây?",
        "33",
        rf"\( v(t) = {polynomial([-3, 18, 6], 't')} \) đạt giá trị lớn nhất tại \( t = 3 \), \( v(3) = 33 \).",
        recipe=Recipe("top_speed", {"coefficients": [-1, 9, 6, 0]}),
    )
    author.short(
        "apply",
        r"Một hộp sữa hình trụ có thể tích \( 16\pi \) dm³ (kể cả hai đáy). Để diện tích toàn phần của hộp nhỏ nhất, "
        r"bán kính đáy của hộp bằng bao nhiêu đề-xi-mét?",
        "2",
        r"\( S(r) = 2\pi r^2 + \frac{32\pi}{r} \); \( S'(r) = 4\pi r - \frac{32\pi}{r^2} = 0 \Leftrightarrow r^3 = 8 \Leftrightarrow r = 2 \).",
        recipe=Recipe("tin_can", {"volume_over_pi": 16}),
        high=True,
    )


def _essay(author: Author) -> None:
    """One essay: a full study of a cubic."""
    author.essay(
        "understand",
        r"Khảo sát sự biến thiên và vẽ đồ thị của hàm số \( y = x^3 - 3x^2 + 2 \).",
        [
            (r"Tập xác định, tính đúng \( y' = 3x^2 - 6x \) và nghiệm \( x = 0 \), \( x = 2 \)", "0.25"),
            ("Khoảng đồng biến, nghịch biến, cực trị và giới hạn tại vô cực", "0.25"),
            (r"Bảng biến thiên đúng và đầy đủ", "0.25"),
            (r"Đồ thị qua \( (0;\, 2) \), \( (1;\, 0) \), \( (2;\, -2) \), đúng dáng", "0.25"),
        ],
        r"Hàm số đồng biến trên \( (-\infty;\, 0) \) và \( (2;\, +\infty) \), nghịch biến trên \( (0;\, 2) \); "
        r"cực đại \( (0;\, 2) \), cực tiểu \( (2;\, -2) \); tâm đối xứng \( (1;\, 0) \).",
    )
