"""Toán 12, topic 2: primitives, integrals and what they measure."""

from __future__ import annotations

from fractions import Fraction

from lms.demo import pictures
from lms.demo.bank.latex import decimal, integral, number, polynomial
from lms.demo.bank.shapes import Author, DemoItem, Recipe, math

TOPIC = "TOAN12.2"


def items() -> list[DemoItem]:
    """All items of the topic."""
    author = Author(TOPIC)
    _formulas(author)
    _properties(author)
    _values(author)
    _areas(author)
    _motion(author)
    _known_groups(author)
    _understood_groups(author)
    _applied_groups(author)
    _short_values(author)
    _short_practice(author)
    return author.items


def _formulas(author: Author) -> None:
    """Level know: primitives straight from the table."""
    author.choice(
        "know",
        r"Họ nguyên hàm của hàm số \( f(x) = 3x^2 + 4x \) là",
        math("x^3 + 2x^2 + C"),
        [math("6x + 4 + C"), math("x^3 + 4x^2 + C"), math("3x^3 + 2x^2 + C")],
        r"\( \int (3x^2 + 4x)\,\mathrm{d}x = x^3 + 2x^2 + C \).",
        recipe=Recipe("primitive", {"f": [3, 4, 0], "F": [1, 2, 0, 0]}),
    )
    author.choice(
        "know",
        r"Hàm số \( F(x) = \sin x \) là một nguyên hàm của hàm số nào dưới đây trên \( \mathbb{R} \)?",
        math(r"f(x) = \cos x"),
        [math(r"f(x) = -\cos x"), math(r"f(x) = -\sin x"), math(r"f(x) = \tan x")],
        r"Vì \( (\sin x)' = \cos x \).",
    )
    author.choice(
        "know",
        r"Trên khoảng \( (0;\, +\infty) \), họ nguyên hàm của hàm số \( f(x) = \frac{1}{x} + \mathrm{e}^x \) là",
        math(r"\ln x + \mathrm{e}^x + C"),
        [
            math(r"-\frac{1}{x^2} + \mathrm{e}^x + C"),
            math(r"\ln x + x\mathrm{e}^{x - 1} + C"),
            math(r"\frac{1}{x^2} + \mathrm{e}^x + C"),
        ],
        r"\( \int \frac{1}{x}\,\mathrm{d}x = \ln x + C \) với \( x > 0 \) và \( \int \mathrm{e}^x\,\mathrm{d}x = \mathrm{e}^x + C \).",
    )


def _properties(author: Author) -> None:
    """Levels know and understand: what an integral is and how it adds up."""
    for first, second in ((3, 5), (-2, 7)):
        author.choice(
            "know",
            rf"Cho \( {integral(1, 2, 'f(x)')} = {first} \) và \( {integral(2, 4, 'f(x)')} = {second} \). "
            rf"Khi đó \( {integral(1, 4, 'f(x)')} \) bằng",
            math(first + second),
            [math(second - first), math(first * second), math(first - second)],
            rf"\( {integral(1, 4, 'f(x)')} = {first} + {'(' + str(second) + ')' if second < 0 else second} = {first + second} \).",
            recipe=Recipe("sum", {"parts": [first, second]}),
        )
    author.choice(
        "know",
        r"Cho hàm số \( y = f(x) \) liên tục và không âm trên đoạn \( [a;\, b] \). Diện tích hình phẳng giới hạn bởi đồ thị "
        r"hàm số, trục hoành và hai đường thẳng \( x = a \), \( x = b \) được tính theo công thức nào?",
        math(rf"S = {integral('a', 'b', 'f(x)')}"),
        [
            math(rf"S = \pi {integral('a', 'b', 'f(x)')}"),
            math(rf"S = {integral('b', 'a', 'f(x)')}"),
            math(rf"S = {integral('a', 'b', 'f^2(x)')}"),
        ],
        r"Vì \( f(x) \ge 0 \) trên \( [a;\, b] \) nên diện tích chính là tích phân của \( f(x) \) từ \( a \) đến \( b \).",
    )
    author.choice(
        "understand",
        rf"Cho \( {integral(0, 3, 'f(x)')} = 4 \). Giá trị của \( {integral(0, 3, '[2f(x) + x]')} \) bằng",
        math(number(Fraction(25, 2))),
        [math(11), math(8), math(number(Fraction(17, 2)))],
        rf"\( 2 \cdot 4 + {integral(0, 3, 'x')} = 8 + \frac{{9}}{{2}} = \frac{{25}}{{2}} \).",
        recipe=Recipe("linear", {"value": 4, "factor": 2, "to": 3}),
    )


def _values(author: Author) -> None:
    """Level understand: definite integrals and a primitive through a point."""
    for coefficients, low, high in (([3, -2, 1], 0, 2), ([4, 0, -2, 3], 0, 2)):
        value = _definite(coefficients, low, high)
        author.choice(
            "understand",
            rf"Giá trị của tích phân \( {integral(low, high, f'({polynomial(coefficients)})')} \) bằng",
            math(number(value)),
            [math(number(value + step)) for step in (2, -3, 5)],
            r"Áp dụng công thức Newton – Leibniz với một nguyên hàm của đa thức dưới dấu tích phân.",
            recipe=Recipe("definite", {"coefficients": coefficients, "on": [low, high]}),
        )
    for slope, rise, at, known, asked in ((2, 3, 0, 1, 2), (6, -4, 1, 2, 2)):
        constant = known - (slope // 2 * at * at + rise * at)
        right = slope // 2 * asked**2 + rise * asked + constant
        author.choice(
            "understand",
            rf"Biết \( F(x) \) là một nguyên hàm của hàm số \( f(x) = {polynomial([slope, rise])} \) và \( F({at}) = {known} \). "
            rf"Giá trị \( F({asked}) \) bằng",
            math(right),
            [math(right - constant if constant else right + 2), math(slope * asked + rise), math(right + 4)],
            rf"\( F(x) = {polynomial([slope // 2, rise, constant])} \), nên \( F({asked}) = {right} \).",
            recipe=Recipe("through", {"slope": slope, "rise": rise, "at": at, "value": known, "asked": asked}),
        )
    author.choice(
        "understand",
        r"Biết \( \int_{1}^{5} \frac{\mathrm{d}x}{2x - 1} = \ln a \). Giá trị của \( a \) bằng",
        math(3),
        [math(9), math(5), math(r"\frac{3}{2}")],
        r"\( \int_{1}^{5} \frac{\mathrm{d}x}{2x - 1} = \frac{1}{2}\ln 9 = \ln 3 \).",
        recipe=Recipe("logarithm", {"on": [1, 5]}),
    )


def _definite(coefficients: list[int], low: int, high: int) -> Fraction:
    """The exact integral of a polynomial."""
    degree = len(coefficients)
    primitive = [(Fraction(c, degree - n), degree - n) for n, c in enumerate(coefficients)]
    return sum((c * (Fraction(high) ** p - Fraction(low) ** p) for c, p in primitive), Fraction(0))


def _areas(author: Author) -> None:
    """Level apply: areas and volumes."""
    region = pictures.shaded_area(lambda x: 4 - x * x, lambda x: x + 2, -2, 1, (-3.2, 3.2, -2, 5))
    author.choice(
        "apply",
        r"Diện tích hình phẳng (phần tô màu) giới hạn bởi parabol \( y = 4 - x^2 \) và đường thẳng \( y = x + 2 \) bằng",
        math(number(Fraction(9, 2))),
        [math(number(Fraction(7, 2))), math(number(Fraction(15, 2))), math(3)],
        r"Hoành độ giao điểm: \( x = -2 \), \( x = 1 \); \( S = \int_{-2}^{1} (2 - x - x^2)\,\mathrm{d}x = \frac{9}{2} \).",
        picture=(region, "Hình phẳng tô màu nằm giữa parabol và đường thẳng, từ x = -2 đến x = 1"),
        recipe=Recipe("area_between", {"upper": [-1, 0, 4], "lower": [0, 1, 2], "on": [-2, 1]}),
    )
    author.choice(
        "apply",
        r"Cho hình phẳng giới hạn bởi đồ thị hàm số \( y = \sqrt{x} \), trục hoành và hai đường thẳng \( x = 1 \), \( x = 5 \). "
        r"Thể tích khối tròn xoay tạo thành khi quay hình phẳng đó quanh trục \( Ox \) bằng",
        math(r"12\pi"),
        [math("12"), math(r"24\pi"), math(r"4\pi")],
        r"\( V = \pi \int_{1}^{5} x\,\mathrm{d}x = \pi \cdot \frac{25 - 1}{2} = 12\pi \).",
        recipe=Recipe("revolution", {"on": [1, 5]}),
    )
    for radius in (3, 6):
        volume = Fraction(2 * radius**3, 3)
        author.choice(
            "apply",
            rf"Một bình nước có dạng nửa khối cầu bán kính \( {radius} \) dm. Cắt bình bởi mặt phẳng song song với miệng bình, "
            rf"cách tâm \( x \) dm (\( 0 \le x \le {radius} \)), ta được hình tròn có diện tích \( S(x) = \pi ({radius**2} - x^2) \). "
            "Dung tích của bình bằng",
            rf"\( {number(volume)}\pi \) dm³",
            [rf"\( {number(value)}\pi \) dm³" for value in (2 * volume, volume / 2, Fraction(radius**3))],
            rf"\( V = \pi \int_{{0}}^{{{radius}}} ({radius**2} - x^2)\,\mathrm{{d}}x = {number(volume)}\pi \) dm³.",
            recipe=Recipe("half_ball", {"radius": radius}),
            high=radius == 6,
        )


def _motion(author: Author) -> None:
    """Level apply: from speed to distance."""
    author.choice(
        "apply",
        r"Một ô tô đang chạy với vận tốc 20 m/s thì người lái đạp phanh; từ đó ô tô chuyển động chậm dần đều với vận tốc "
        r"\( v(t) = 20 - 5t \) (m/s), \( t \) tính bằng giây. Quãng đường ô tô đi được từ lúc đạp phanh đến khi dừng hẳn là",
        "40 m",
        ["80 m", "20 m", "60 m"],
        r"Ô tô dừng khi \( t = 4 \); \( s = \int_{0}^{4} (20 - 5t)\,\mathrm{d}t = 40 \) m.",
        recipe=Recipe("braking", {"speed": 20, "slowing": 5}),
    )
    author.choice(
        "understand",
        r"Hình phẳng giới hạn bởi parabol \( y = x^2 - 2x \) và trục hoành có diện tích bằng",
        math(number(Fraction(4, 3))),
        [math(number(Fraction(-4, 3))), math(number(Fraction(2, 3))), math(number(Fraction(8, 3)))],
        r"\( S = \int_{0}^{2} |x^2 - 2x|\,\mathrm{d}x = \int_{0}^{2} (2x - x^2)\,\mathrm{d}x = \frac{4}{3} \).",
        recipe=Recipe("area_between", {"upper": [0, 0, 0], "lower": [1, -2, 0], "on": [0, 2]}),
    )


def _known_groups(author: Author) -> None:
    author.group(
        "know",
        r"Cho hàm số \( f(x) = \cos x + 2x \) trên \( \mathbb{R} \).",
        [
            (r"\( F(x) = \sin x + x^2 \) là một nguyên hàm của \( f(x) \).", True),
            (r"Mọi nguyên hàm của \( f(x) \) đều có dạng \( -\sin x + x^2 + C \).", False),
            (r"\( \int f'(x)\,\mathrm{d}x = \cos x + 2x + C \).", True),
            (r"\( \int_{0}^{\pi} f(x)\,\mathrm{d}x = \pi^2 + 2 \).", False),
        ],
        r"\( (\sin x + x^2)' = \cos x + 2x \) và \( \int_{0}^{\pi} f(x)\,\mathrm{d}x = \pi^2 \).",
    )
    author.group(
        "know",
        r"Cho hàm số \( y = f(x) \) liên tục trên \( \mathbb{R} \), \( \int_{0}^{1} f(x)\,\mathrm{d}x = 2 \) và \( \int_{1}^{3} f(x)\,\mathrm{d}x = -5 \).",
        [
            (r"\( \int_{0}^{3} f(x)\,\mathrm{d}x = -3 \).", True),
            (r"\( \int_{1}^{0} f(x)\,\mathrm{d}x = 2 \).", False),
            (r"\( \int_{1}^{3} 4f(x)\,\mathrm{d}x = -20 \).", True),
            (r"\( \int_{0}^{1} [f(x) + 3]\,\mathrm{d}x = 5 \).", True),
        ],
        r"Dùng tính chất cộng đoạn, đổi cận và tính tuyến tính của tích phân; \( \int_{1}^{0} f(x)\,\mathrm{d}x = -2 \).",
    )


def _understood_groups(author: Author) -> None:
    author.group(
        "understand",
        r"Cho hàm số \( f(x) = 3x^2 - 6x \) và \( F(x) \) là nguyên hàm của \( f(x) \) thoả mãn \( F(0) = 2 \).",
        [
            (r"\( F(x) = x^3 - 3x^2 + 2 \).", True),
            (r"\( F(1) = 1 \).", False),
            (r"\( F(3) - F(1) = 2 \).", True),
            (r"Hàm số \( F(x) \) đạt cực tiểu tại \( x = 2 \).", True),
        ],
        r"\( F(x) = x^3 - 3x^2 + 2 \), \( F(1) = 0 \), \( F(3) = 2 \); \( F'(x) = f(x) \) đổi dấu từ âm sang dương tại \( x = 2 \).",
        recipe=Recipe("primitive_facts", {"f": [3, -6, 0], "start": 2}),
    )
    region = pictures.shaded_area(lambda x: 2 * x - x * x, lambda x: 0, 0, 2, (-1.2, 3.2, -1.6, 1.8))
    author.group(
        "understand",
        r"Gọi \( D \) là hình phẳng giới hạn bởi đồ thị hàm số \( y = 2x - x^2 \) và trục hoành (phần tô màu trong hình vẽ).",
        [
            (r"Đồ thị hàm số cắt trục hoành tại \( x = 0 \) và \( x = 2 \).", True),
            (r"Diện tích của \( D \) bằng \( \frac{2}{3} \).", False),
            (
                r"Thể tích khối tròn xoay khi quay \( D \) quanh \( Ox \) là \( V = \int_{0}^{2} (2x - x^2)^2\,\mathrm{d}x \).",
                False,
            ),
            (r"Đường thẳng \( x = 1 \) chia \( D \) thành hai phần có diện tích bằng nhau.", True),
        ],
        r"\( S = \frac{4}{3} \); công thức thể tích còn thiếu hệ số \( \pi \); parabol đối xứng qua đường thẳng \( x = 1 \).",
        picture=(region, "Hình phẳng tô màu giữa cung parabol và trục hoành từ 0 đến 2"),
        recipe=Recipe("arch_facts", {}),
    )


def _applied_groups(author: Author) -> None:
    speed = pictures.broken_line([(0, 0), (4, 8), (10, 8), (14, 0)], "t (s)", "v (m/s)")
    author.group(
        "apply",
        r"Một thang máy chở hàng chuyển động thẳng với vận tốc \( v(t) \) cho bởi đồ thị ở hình vẽ.",
        [
            (r"Trong 4 giây đầu, \( v(t) = 2t \) (m/s).", True),
            ("Quãng đường đi được trong 4 giây đầu là 32 m.", False),
            ("Từ giây thứ 4 đến giây thứ 10, quãng đường đi được là 48 m.", True),
            ("Tổng quãng đường thang máy đi được là 80 m.", True),
        ],
        "Quãng đường bằng diện tích dưới đồ thị: 16 m, 48 m và 16 m ở ba giai đoạn, tổng cộng 80 m.",
        picture=(
            speed,
            "Vận tốc tăng đều từ 0 đến 8 m/s trong 4 s, giữ không đổi đến 10 s rồi giảm đều về 0 tại 14 s",
        ),
        recipe=Recipe("lift_facts", {}),
    )
    author.group(
        "apply",
        r"Nước chảy vào một bể đang chứa 50 lít với tốc độ \( V'(t) = 6t + 4 \) (lít/phút), trong đó \( V(t) \) là thể tích nước "
        r"trong bể sau \( t \) phút.",
        [
            (r"\( V(t) = 3t^2 + 4t + 50 \).", True),
            ("Trong 2 phút đầu có 20 lít nước chảy vào bể.", True),
            ("Sau 5 phút, bể chứa 95 lít nước.", False),
            ("Để bể chứa 210 lít nước cần hơn 7 phút.", False),
        ],
        r"\( V(5) = 75 + 20 + 50 = 145 \); \( V(t) = 210 \) cho \( 3t^2 + 4t - 160 = 0 \), \( t \approx 6{,}7 \) phút.",
        recipe=Recipe("tank_facts", {}),
        high=True,
    )


def _short_values(author: Author) -> None:
    author.short(
        "know",
        rf"Tính \( {integral(0, 3, '(2x + 1)')} \).",
        decimal(_definite([2, 1], 0, 3)),
        r"\( (x^2 + x) \) lấy từ \( 0 \) đến \( 3 \) bằng \( 12 \).",
        recipe=Recipe("definite", {"coefficients": [2, 1], "on": [0, 3]}),
    )
    author.short(
        "know",
        rf"Biết \( {integral(2, 5, 'f(x)')} = 7 \) và \( {integral(2, 5, 'g(x)')} = 3 \). Tính \( {integral(2, 5, '[f(x) - 2g(x)]')} \).",
        "1",
        r"\( 7 - 2 \cdot 3 = 1 \).",
        recipe=Recipe("sum", {"parts": [7, -6]}),
    )
    for coefficients, low, high in (([6, -2, 0], 1, 2), ([3, 0, -5], -2, 1)):
        value = _definite(coefficients, low, high)
        author.short(
            "understand",
            rf"Biết hàm số \( F(x) \) là một nguyên hàm của \( f(x) = {polynomial(coefficients)} \). "
            rf"Tính hiệu \( F({high}) - F({low}) \).",
            decimal(value),
            rf"\( F({high}) - F({low}) = {integral(low, high, 'f(x)')} = {number(value)} \).",
            recipe=Recipe("definite", {"coefficients": coefficients, "on": [low, high]}),
        )
    author.short(
        "understand",
        r"Tính diện tích hình phẳng giới hạn bởi các đồ thị \( y = x^2 \) và \( y = 3x \).",
        "4,5",
        r"\( S = \int_{0}^{3} (3x - x^2)\,\mathrm{d}x = \frac{27}{2} - 9 = 4{,}5 \).",
        recipe=Recipe("area_between", {"upper": [0, 3, 0], "lower": [1, 0, 0], "on": [0, 3]}),
    )


def _short_practice(author: Author) -> None:
    author.short(
        "apply",
        r"Một cổng chào có dạng parabol cao 6 m, hai chân cổng cách nhau 8 m. Diện tích hình phẳng giới hạn bởi cổng và mặt đất "
        "bằng bao nhiêu mét vuông?",
        "32",
        r"Chọn hệ trục có \( y = 6 - \frac{3}{8}x^2 \): \( S = 2\int_{0}^{4} \left(6 - \frac{3}{8}x^2\right)\mathrm{d}x = 32 \) m².",
        recipe=Recipe("arch", {"height": 6, "span": 8}),
    )
    author.short(
        "apply",
        r"Một chất điểm chuyển động với vận tốc \( v(t) = 3t^2 - 12t + 9 \) (m/s), \( 0 \le t \le 3 \). "
        "Tính tổng quãng đường (mét) chất điểm đi được trong 3 giây đó.",
        "8",
        r"\( v \) đổi dấu tại \( t = 1 \): quãng đường bằng \( \int_{0}^{1} v\,\mathrm{d}t - \int_{1}^{3} v\,\mathrm{d}t = 4 + 4 = 8 \).",
        recipe=Recipe("path", {"coefficients": [3, -12, 9], "to": 3}),
        high=True,
    )
    author.short(
        "apply",
        r"Số dân của một thị trấn tăng với tốc độ \( P'(t) = 120 + 30\sqrt{t} \) (người/năm), \( t \) là số năm kể từ đầu năm 2020. "
        "Từ đầu năm 2020 đến đầu năm 2029, dân số thị trấn tăng thêm bao nhiêu người?",
        "1620",
        r"\( \int_{0}^{9} (120 + 30\sqrt{t})\,\mathrm{d}t = 1080 + 20 \cdot 27 = 1620 \).",
        recipe=Recipe("growth", {"base": 120, "factor": 30, "years": 9}),
    )
