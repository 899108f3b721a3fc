"""Toán 12, topic 3: vectors, planes, lines and spheres with coordinates in space."""

from __future__ import annotations

from lms.demo import pictures
from lms.demo.bank.latex import decimal, line, number, plane, point, sphere, vector
from lms.demo.bank.shapes import Author, DemoItem, Recipe, math

TOPIC = "TOAN12.3"
SPACE = r"Trong không gian \( Oxyz \), "


def items() -> list[DemoItem]:
    """All items of the topic."""
    author = Author(TOPIC)
    _vectors(author)
    _equations(author)
    _products(author)
    _planes_and_lines(author)
    _distances(author)
    _practice(author)
    _known_groups(author)
    _understood_groups(author)
    _applied_groups(author)
    _short_products(author)
    _short_practice(author)
    return author.items


def _vectors(author: Author) -> None:
    """Level know: coordinates of vectors and points."""
    for a, b in (((1, -2, 3), (4, 1, -1)), ((2, 0, -3), (-1, 5, 2))):
        right = [q - p for p, q in zip(a, b, strict=True)]
        author.choice(
            "know",
            SPACE + rf"cho hai điểm \( A{point(*a)} \) và \( B{point(*b)} \). Toạ độ của vectơ \( {vector('AB')} \) là",
            math(point(*right)),
            [
                math(point(*(-v for v in right))),
                math(point(*(p + q for p, q in zip(a, b, strict=True)))),
                math(point(right[0], -right[1], right[2])),
            ],
            rf"\( {vector('AB')} = (x_B - x_A;\, y_B - y_A;\, z_B - z_A) = {point(*right)} \).",
            recipe=Recipe("vector_between", {"a": a, "b": b}),
        )
    author.choice(
        "know",
        SPACE
        + rf"cho vectơ \( {vector('u')} = 2{vector('i')} - 3{vector('j')} + {vector('k')} \). Toạ độ của \( {vector('u')} \) là",
        math(point(2, -3, 1)),
        [math(point(2, 3, 1)), math(point(-3, 2, 1)), math(point(2, -3, 0))],
        rf"Hệ số của \( {vector('i')} \), \( {vector('j')} \), \( {vector('k')} \) lần lượt là hoành độ, tung độ và cao độ.",
    )


def _equations(author: Author) -> None:
    """Level know: what equations of planes, lines and spheres show."""
    author.choice(
        "know",
        SPACE + rf"mặt phẳng \( (P): {plane(2, -1, 3, 5)} \) có một vectơ pháp tuyến là",
        math(rf"{vector('n')} = {point(2, -1, 3)}"),
        [math(rf"{vector('n')} = {point(*v)}") for v in ((2, 1, 3), (-1, 3, 5), (2, 3, 5))],
        r"Hệ số của \( x \), \( y \), \( z \) trong phương trình mặt phẳng là toạ độ một vectơ pháp tuyến.",
        recipe=Recipe("normal", {"plane": [2, -1, 3, 5]}),
    )
    author.choice(
        "know",
        SPACE + rf"đường thẳng \( d: {line((1, -2, 3), (2, 1, -4))} \) có một vectơ chỉ phương là",
        math(rf"{vector('u')} = {point(2, 1, -4)}"),
        [math(rf"{vector('u')} = {point(*v)}") for v in ((1, -2, 3), (-1, 2, -3), (2, -1, -4))],
        "Các mẫu số trong phương trình chính tắc là toạ độ một vectơ chỉ phương.",
    )
    author.choice(
        "know",
        SPACE + rf"mặt cầu \( (S): {sphere((1, -3, 0), 16)} \) có tâm \( I \) và bán kính \( R \) là",
        math(rf"I{point(1, -3, 0)},\; R = 4"),
        [
            math(rf"I{point(-1, 3, 0)},\; R = 4"),
            math(rf"I{point(1, -3, 0)},\; R = 16"),
            math(rf"I{point(-1, 3, 0)},\; R = 8"),
        ],
        rf"So với dạng \( (x - a)^2 + (y - b)^2 + (z - c)^2 = R^2 \) ta có \( I{point(1, -3, 0)} \), \( R = 4 \).",
        recipe=Recipe("sphere_centre", {"centre": [1, -3, 0], "squared": 16}),
    )


def _products(author: Author) -> None:
    """Level understand: scalar products, angles and midpoints."""
    for u, v in (((1, 2, -2), (3, -1, 2)), ((2, -1, 4), (1, 5, 1))):
        right = sum(p * q for p, q in zip(u, v, strict=True))
        signless = sum(abs(p * q) for p, q in zip(u, v, strict=True))
        author.choice(
            "understand",
            SPACE + rf"cho \( {vector('a')} = {point(*u)} \) và \( {vector('b')} = {point(*v)} \). "
            rf"Tích vô hướng \( {vector('a')} \cdot {vector('b')} \) bằng",
            math(right),
            [math(-right), math(signless), math(right + 4)],
            rf"\( {vector('a')} \cdot {vector('b')} = a_1b_1 + a_2b_2 + a_3b_3 = {right} \).",
            recipe=Recipe("dot", {"u": u, "v": v}),
        )
    author.choice(
        "understand",
        SPACE
        + rf"góc giữa hai vectơ \( {vector('u')} = {point(1, 1, 0)} \) và \( {vector('v')} = {point(0, 1, 1)} \) bằng",
        math(r"60^\circ"),
        [math(r"30^\circ"), math(r"45^\circ"), math(r"120^\circ")],
        rf"\( \cos({vector('u')},\, {vector('v')}) = \frac{{1}}{{\sqrt{{2}} \cdot \sqrt{{2}}}} = \frac{{1}}{{2}} \).",
        recipe=Recipe("angle", {"u": [1, 1, 0], "v": [0, 1, 1]}),
    )


def _planes_and_lines(author: Author) -> None:
    """Level understand: writing equations."""
    for at, normal in (((1, 2, -1), (3, -2, 1)), ((0, -1, 4), (2, 1, -3))):
        d = -sum(p * q for p, q in zip(at, normal, strict=True))
        author.choice(
            "understand",
            SPACE + rf"mặt phẳng đi qua điểm \( M{point(*at)} \) và nhận \( {vector('n')} = {point(*normal)} \) "
            "làm vectơ pháp tuyến có phương trình là",
            math(plane(*normal, d)),
            [
                math(plane(*normal, -d if d else 2)),
                math(plane(normal[0], -normal[1], normal[2], d)),
                math(plane(*normal, d + 4)),
            ],
            rf"Thay toạ độ điểm \( M \) vào dạng \( {plane(*normal, 0).removesuffix(' = 0')} + d = 0 \) được \( d = {d} \).",
            recipe=Recipe("plane_through", {"at": at, "normal": normal}),
        )
    author.choice(
        "understand",
        SPACE
        + rf"đường thẳng đi qua hai điểm \( A{point(1, 0, 2)} \) và \( B{point(3, -1, 5)} \) có phương trình chính tắc là",
        math(line((1, 0, 2), (2, -1, 3))),
        [
            math(line((-1, 0, -2), (2, -1, 3))),
            math(line((1, 0, 2), (4, -1, 7))),
            math(line((2, -1, 3), (1, -1, 2))),
        ],
        rf"Vectơ chỉ phương \( {vector('AB')} = {point(2, -1, 3)} \), đường thẳng đi qua \( A \).",
        recipe=Recipe("line_through", {"a": [1, 0, 2], "b": [3, -1, 5]}),
    )


def _distances(author: Author) -> None:
    """Level apply: distances and tangent spheres."""
    author.choice(
        "apply",
        SPACE
        + rf"mặt cầu tâm \( I{point(1, 2, -3)} \) tiếp xúc với mặt phẳng \( (P): {plane(2, -2, 1, 11)} \) có phương trình là",
        math(sphere((1, 2, -3), 4)),
        [math(sphere((1, 2, -3), 2)), math(sphere((-1, -2, 3), 4)), math(sphere((1, 2, -3), 36))],
        r"\( R = d(I, (P)) = \frac{|2 - 4 - 3 + 11|}{3} = 2 \).",
        recipe=Recipe("tangent_sphere", {"at": [1, 2, -3], "plane": [2, -2, 1, 11]}),
    )
    author.choice(
        "apply",
        SPACE
        + rf"góc giữa đường thẳng \( d: {line((1, 0, -1), (1, 1, -2))} \) và mặt phẳng \( (P): {plane(1, 2, 1, -4)} \) "
        r"có số đo bằng \( \alpha \). Giá trị của \( \sin\alpha \) là",
        math(r"\frac{1}{6}"),
        [math(r"\frac{5}{6}"), math(r"\frac{1}{3}"), math(r"\frac{\sqrt{35}}{6}")],
        r"\( \sin\alpha = \frac{|1 \cdot 1 + 1 \cdot 2 + (-2) \cdot 1|}{\sqrt{6} \cdot \sqrt{6}} = \frac{1}{6} \).",
        recipe=Recipe("line_plane_sine", {"direction": [1, 1, -2], "normal": [1, 2, 1]}),
    )
    author.choice(
        "apply",
        SPACE
        + rf"cho điểm \( A{point(3, 1, 0)} \) và mặt phẳng \( (P): {plane(2, 2, -1, 1)} \). Hình chiếu vuông góc của \( A \) "
        r"trên \( (P) \) là điểm",
        math(rf"H{point(1, -1, 1)}"),
        [math(rf"H{point(*v)}") for v in ((5, 3, -1), (-1, -3, 2), (2, 2, -1))],
        r"Đường thẳng qua \( A \) vuông góc với \( (P) \): \( x = 3 + 2t,\; y = 1 + 2t,\; z = -t \); thay vào \( (P) \) được \( t = -1 \).",
        recipe=Recipe("foot", {"at": [3, 1, 0], "plane": [2, 2, -1, 1]}),
    )


def _practice(author: Author) -> None:
    """Level apply: space around us."""
    author.choice(
        "apply",
        "Với đơn vị trên mỗi trục là 1 km, đài kiểm soát không lưu đặt tại gốc toạ độ và phát hiện được máy bay trong phạm vi 50 km. "
        r"Máy bay nào ở vị trí dưới đây nằm ngoài phạm vi phát hiện của đài?",
        math(point(40, 30, 9)),
        [math(point(30, 39, 8)), math(point(-45, 20, 5)), math(point(24, -43, 7))],
        r"\( \sqrt{40^2 + 30^2 + 9^2} = \sqrt{2581} > 50 \); ba vị trí còn lại cách gốc toạ độ chưa đến 50 km.",
        recipe=Recipe("outside", {"radius": 50}),
    )
    author.choice(
        "apply",
        rf"Hai máy bay không người lái bay thẳng đều theo các vectơ vận tốc \( {vector('v_1')} = {point(2, 1, 2)} \) và "
        rf"\( {vector('v_2')} = {point(2, -2, 1)} \) (đơn vị: m/s). Góc giữa hai hướng bay, làm tròn đến độ, bằng",
        math(r"64^\circ"),
        [math(r"26^\circ"), math(r"116^\circ"), math(r"48^\circ")],
        r"\( \cos\varphi = \frac{4 - 2 + 2}{3 \cdot 3} = \frac{4}{9} \), suy ra \( \varphi \approx 64^\circ \).",
        recipe=Recipe("angle", {"u": [2, 1, 2], "v": [2, -2, 1]}),
        high=True,
    )


def _known_groups(author: Author) -> None:
    box = pictures.space_box(2, 4, 3)
    author.group(
        "know",
        r"Cho hình hộp chữ nhật \( OABC.O'A'B'C' \) được gắn hệ trục toạ độ \( Oxyz \) như hình vẽ, biết \( OA = 2 \), \( OC = 4 \), \( OO' = 3 \).",
        [
            (r"Toạ độ của điểm \( A \) là \( (2;\, 0;\, 0) \).", True),
            (r"Toạ độ của điểm \( B' \) là \( (4;\, 2;\, 3) \).", False),
            (r"Điểm \( C' \) thuộc mặt phẳng \( (Oyz) \).", True),
            (rf"\( {vector('OB')} = {vector('OA')} + {vector('OC')} \).", True),
        ],
        r"\( A(2;\, 0;\, 0) \), \( C(0;\, 4;\, 0) \), \( O'(0;\, 0;\, 3) \) nên \( B'(2;\, 4;\, 3) \), \( C'(0;\, 4;\, 3) \).",
        picture=(
            box,
            "Hình hộp chữ nhật OABC.O'A'B'C' với O ở gốc, A trên trục Ox, C trên trục Oy, O' trên trục Oz",
        ),
    )
    author.group(
        "know",
        SPACE + rf"cho mặt phẳng \( (P): {plane(1, -2, 2, -6)} \).",
        [
            (rf"\( {vector('n')} = {point(1, -2, 2)} \) là một vectơ pháp tuyến của \( (P) \).", True),
            (r"Điểm \( M(2;\, 0;\, 2) \) thuộc \( (P) \).", True),
            (r"Mặt phẳng \( (P) \) đi qua gốc toạ độ.", False),
            (r"Mặt phẳng \( (P) \) cắt trục \( Oz \) tại điểm \( (0;\, 0;\, 6) \).", False),
        ],
        r"Thay toạ độ: \( 2 - 0 + 4 - 6 = 0 \) nên \( M \in (P) \); \( (P) \) cắt \( Oz \) tại \( (0;\, 0;\, 3) \).",
        recipe=Recipe("plane_facts", {}),
    )


def _understood_groups(author: Author) -> None:
    author.group(
        "understand",
        SPACE + rf"cho ba điểm \( A{point(1, 0, 0)} \), \( B{point(0, 2, 0)} \), \( C{point(0, 0, 3)} \).",
        [
            (rf"\( {vector('AB')} = {point(-1, 2, 0)} \).", True),
            (r"Tam giác \( ABC \) vuông tại \( A \).", False),
            (r"Trọng tâm tam giác \( ABC \) là \( G\left(\frac{1}{3};\, \frac{2}{3};\, 1\right) \).", True),
            (rf"Mặt phẳng \( (ABC) \) có phương trình \( {plane(6, 3, 2, -6)} \).", True),
        ],
        rf"\( {vector('AB')} \cdot {vector('AC')} = 1 \ne 0 \); mặt phẳng theo đoạn chắn \( x + \frac{{y}}{{2}} + \frac{{z}}{{3}} = 1 \).",
        recipe=Recipe("intercept_facts", {}),
    )
    author.group(
        "understand",
        SPACE + rf"cho mặt cầu \( (S): {sphere((2, -1, 1), 9)} \) và mặt phẳng \( (P): {plane(2, 1, -2, 5)} \).",
        [
            (rf"Mặt cầu \( (S) \) có tâm \( I{point(2, -1, 1)} \).", True),
            (r"Gốc toạ độ nằm ngoài mặt cầu \( (S) \).", False),
            (r"Khoảng cách từ tâm của \( (S) \) đến \( (P) \) bằng \( 2 \).", True),
            (r"Mặt phẳng \( (P) \) cắt \( (S) \) theo đường tròn có bán kính bằng \( \sqrt{5} \).", True),
        ],
        r"\( OI = \sqrt{6} < 3 \); \( d(I, (P)) = \frac{|4 - 1 - 2 + 5|}{3} = 2 \); bán kính giao tuyến \( \sqrt{9 - 4} = \sqrt{5} \).",
        recipe=Recipe("cut_sphere_facts", {}),
    )


def _applied_groups(author: Author) -> None:
    author.group(
        "apply",
        r"Trong không gian \( Oxyz \) (đơn vị trên mỗi trục là 1 m, mặt đất là mặt phẳng \( (Oxy) \)), một thiết bị bay cất cánh từ điểm "
        rf"\( A{point(1, 2, 0)} \) và bay thẳng đều với vectơ vận tốc \( {vector('v')} = {point(2, 2, 1)} \) (m/s).",
        [
            ("Tốc độ của thiết bị bay là 3 m/s.", True),
            (rf"Sau 10 giây, thiết bị ở vị trí \( {point(21, 22, 10)} \).", True),
            ("Thiết bị đạt độ cao 30 m sau 15 giây.", False),
            ("Sau 20 giây, thiết bị cách điểm xuất phát 60 m.", True),
        ],
        rf"\( |{vector('v')}| = 3 \); sau \( t \) giây, thiết bị ở \( (1 + 2t;\, 2 + 2t;\, t) \), nên cần 30 giây để đạt độ cao 30 m.",
        recipe=Recipe("flight_facts", {}),
    )
    author.group(
        "apply",
        r"Một mái che phẳng được gắn trên bốn cột thẳng đứng. Với hệ trục \( Oxyz \) (đơn vị: m), ba đỉnh cột ở "
        rf"\( M{point(0, 0, 3)} \), \( N{point(4, 0, 3)} \), \( P{point(4, 6, 5)} \); cột thứ tư có chân tại \( {point(0, 6, 0)} \).",
        [
            (rf"\( {vector('MN')} = {point(4, 0, 0)} \).", True),
            (r"Mặt phẳng chứa mái che có phương trình \( y - 3z + 9 = 0 \).", True),
            ("Chiều cao của cột thứ tư bằng 4 m.", False),
            ("Góc giữa mái che và mặt đất lớn hơn \\( 20^\\circ \\).", False),
        ],
        r"Thay \( x = 0,\; y = 6 \) được \( z = 5 \); góc giữa mái che và mặt đất có \( \cos\varphi = \frac{3}{\sqrt{10}} \), \( \varphi \approx 18{,}4^\circ \).",
        recipe=Recipe("roof_facts", {}),
        high=True,
    )


def _short_products(author: Author) -> None:
    author.short(
        "know",
        SPACE
        + rf"cho hai điểm \( A{point(1, -2, 3)} \) và \( B{point(3, 4, -1)} \). Trung điểm của đoạn thẳng \( AB \) có tung độ bằng bao nhiêu?",
        "1",
        r"\( y_M = \frac{-2 + 4}{2} = 1 \).",
        recipe=Recipe("midpoint", {"a": [1, -2, 3], "b": [3, 4, -1], "axis": 1}),
    )
    author.short(
        "know",
        SPACE + rf"tính độ dài của vectơ \( {vector('u')} = {point(2, -3, 6)} \).",
        "7",
        rf"\( |{vector('u')}| = \sqrt{{4 + 9 + 36}} = 7 \).",
        recipe=Recipe("length", {"u": [2, -3, 6]}),
    )
    for at, p in (((1, 2, 3), (2, -1, 2, 9)), ((2, 0, -1), (4, 0, 3, 5))):
        distance = (
            abs(sum(a * b for a, b in zip(at, p, strict=False)) + p[3]) / (p[0] ** 2 + p[1] ** 2 + p[2] ** 2) ** 0.5
        )
        author.short(
            "understand",
            SPACE + rf"tính khoảng cách từ điểm \( A{point(*at)} \) đến mặt phẳng \( (P): {plane(*p)} \).",
            decimal(distance),
            rf"\( d(A, (P)) = \frac{{|ax_A + by_A + cz_A + d|}}{{\sqrt{{a^2 + b^2 + c^2}}}} = {number(distance)} \).",
            recipe=Recipe("distance", {"at": at, "plane": p}),
        )
    author.short(
        "understand",
        SPACE
        + rf"biết hai vectơ \( {vector('a')} = (m;\, 2;\, -1) \) và \( {vector('b')} = {point(2, 3, 4)} \) vuông góc với nhau. "
        r"Giá trị của \( m \) bằng bao nhiêu?",
        "-1",
        r"\( 2m + 6 - 4 = 0 \Leftrightarrow m = -1 \).",
        recipe=Recipe("perpendicular", {}),
    )


def _short_practice(author: Author) -> None:
    author.short(
        "apply",
        r"Một kho hàng dạng hình hộp chữ nhật dài 8 m, rộng 6 m, cao 4 m. Người ta kéo một sợi dây thẳng từ một góc sàn nhà đến chính giữa "
        "trần nhà. Sợi dây dài bao nhiêu mét (làm tròn kết quả đến hàng phần mười)?",
        "6,4",
        r"Chọn gốc toạ độ tại góc sàn, tâm trần nhà là \( (4;\, 3;\, 4) \): độ dài \( \sqrt{41} \approx 6{,}4 \) m.",
        recipe=Recipe("rope", {"sides": [8, 6, 4]}),
    )
    author.short(
        "apply",
        SPACE + rf"cho \( A{point(0, 0, 2)} \), \( B{point(4, 0, 0)} \) và điểm \( M \) di động trên trục \( Oy \). "
        r"Giá trị nhỏ nhất của \( MA^2 + MB^2 \) bằng bao nhiêu?",
        "20",
        r"Với \( M(0;\, t;\, 0) \): \( MA^2 + MB^2 = 2t^2 + 20 \ge 20 \), dấu bằng khi \( t = 0 \).",
        recipe=Recipe("least_sum", {}),
    )
    author.short(
        "apply",
        SPACE
        + rf"mặt phẳng \( (P): {plane(1, 2, 2, -12)} \) cắt các trục \( Ox \), \( Oy \), \( Oz \) lần lượt tại \( A \), \( B \), \( C \). "
        r"Thể tích khối tứ diện \( OABC \) bằng bao nhiêu?",
        "72",
        r"\( OA = 12 \), \( OB = OC = 6 \), nên \( V = \frac{1}{6} \cdot 12 \cdot 6 \cdot 6 = 72 \).",
        recipe=Recipe("tetrahedron", {"plane": [1, 2, 2, -12]}),
        high=True,
    )
