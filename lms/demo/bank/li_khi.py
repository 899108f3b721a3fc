"""Vật lí 12, topic 2: the ideal gas."""

from __future__ import annotations

from lms.demo import pictures
from lms.demo.bank.latex import decimal, number
from lms.demo.bank.shapes import Author, DemoItem, Recipe

TOPIC = "LI12.2"


def items() -> list[DemoItem]:
    """All items of the topic."""
    author = Author(TOPIC)
    _model(author)
    _laws(author)
    _graphs(author)
    _reasoning(author)
    _boyle_charles(author)
    _state_equation(author)
    _kinetics(author)
    _groups(author)
    _applied_groups(author)
    _short(author)
    _short_applied(author)
    return author.items


def _model(author: Author) -> None:
    author.choice(
        "know",
        "Theo mô hình khí lí tưởng, các phân tử khí",
        "chỉ tương tác với nhau khi va chạm",
        [
            "luôn hút nhau ở mọi khoảng cách",
            "luôn đẩy nhau ở mọi khoảng cách",
            "không va chạm vào thành bình",
        ],
        "Trong mô hình khí lí tưởng, phân tử được coi là chất điểm và chỉ tương tác khi va chạm.",
    )
    author.choice(
        "know",
        "Tập hợp ba thông số nào sau đây xác định trạng thái của một lượng khí xác định?",
        "Áp suất, thể tích, nhiệt độ tuyệt đối",
        [
            "Áp suất, thể tích, khối lượng khí",
            "Thể tích, khối lượng, nhiệt độ khí",
            "Áp suất, khối lượng mol, thể tích",
        ],
        "Trạng thái của một lượng khí được xác định bởi áp suất p, thể tích V và nhiệt độ T.",
    )
    author.choice(
        "know",
        "Động năng tịnh tiến trung bình của phân tử khí lí tưởng",
        "tỉ lệ thuận với nhiệt độ tuyệt đối",
        [
            "tỉ lệ nghịch với nhiệt độ tuyệt đối",
            "tỉ lệ thuận với thể tích khối khí",
            "không phụ thuộc nhiệt độ của khí",
        ],
        r"\( \overline{W_d} = \frac{3}{2}kT \).",
    )


def _laws(author: Author) -> None:
    author.choice(
        "know",
        "Hệ thức nào sau đây biểu diễn định luật Boyle cho một lượng khí xác định ở nhiệt độ không đổi?",
        r"\( pV = \) hằng số",
        [r"\( \frac{p}{V} = \) hằng số", r"\( \frac{V}{T} = \) hằng số", r"\( \frac{p}{T} = \) hằng số"],
        "Ở nhiệt độ không đổi, áp suất tỉ lệ nghịch với thể tích.",
    )
    author.choice(
        "know",
        r"Phương trình trạng thái của khí lí tưởng chứa \( n \) mol khí là",
        r"\( pV = nRT \)",
        [r"\( pT = nRV \)", r"\( pV = \frac{nR}{T} \)", r"\( \frac{p}{V} = nRT \)"],
        r"Đây là phương trình Clapeyron với \( R = 8{,}31 \) J/(mol.K).",
    )
    author.choice(
        "know",
        "Quá trình biến đổi trạng thái của một lượng khí khi áp suất không đổi được gọi là quá trình",
        "đẳng áp",
        ["đẳng tích", "đẳng nhiệt", "đoạn nhiệt"],
        "“Đẳng áp” nghĩa là áp suất không đổi; khi đó thể tích tỉ lệ thuận với nhiệt độ tuyệt đối.",
    )


def _graphs(author: Author) -> None:
    lines = pictures.isotherms([2, 4, 7])
    author.choice(
        "understand",
        r"Hình vẽ là ba đường đẳng nhiệt của cùng một lượng khí lí tưởng trong hệ toạ độ \( (V,\, p) \). So sánh nào đúng về nhiệt độ của các đường?",
        r"\( T_1 < T_2 < T_3 \)",
        [r"\( T_1 > T_2 > T_3 \)", r"\( T_1 = T_2 = T_3 \)", r"\( T_2 < T_1 < T_3 \)"],
        r"Ở cùng thể tích, đường nằm cao hơn có áp suất lớn hơn nên nhiệt độ cao hơn.",
        picture=(lines, "Ba đường hypebol p theo V, đánh số (1), (2), (3) từ gần gốc toạ độ ra xa"),
    )
    states = pictures.process_diagram([(2, 1), (2, 3), (6, 3)], "V (L)", "p (atm)")
    author.choice(
        "understand",
        "Một lượng khí biến đổi trạng thái theo đồ thị như hình vẽ. Hai quá trình (1) → (2) và (2) → (3) lần lượt là",
        "đẳng tích rồi đẳng áp",
        ["đẳng áp rồi đẳng tích", "đẳng tích rồi đẳng nhiệt", "đẳng nhiệt rồi đẳng áp"],
        "Từ (1) đến (2) thể tích giữ 2 L; từ (2) đến (3) áp suất giữ 3 atm.",
        picture=(
            states,
            "Đồ thị p theo V: đoạn thẳng đứng từ (2; 1) lên (2; 3), rồi đoạn nằm ngang sang (6; 3)",
        ),
    )


def _reasoning(author: Author) -> None:
    author.choice(
        "understand",
        "Khi nén đẳng nhiệt một lượng khí, áp suất của khí tăng vì",
        "mật độ phân tử khí tăng nên số va chạm lên thành bình tăng",
        [
            "động năng trung bình của phân tử khí tăng theo thể tích",
            "khối lượng của mỗi phân tử khí tăng lên khi khí bị nén",
            "lực hút giữa các phân tử khí tăng lên khi khí bị nén",
        ],
        "Nhiệt độ không đổi nên tốc độ phân tử không đổi; mật độ phân tử lớn hơn làm số va chạm lên thành bình trong mỗi giây tăng.",
    )
    author.choice(
        "understand",
        "Quả bóng bàn bị móp (chưa thủng) phồng trở lại khi thả vào nước nóng. Nguyên nhân là",
        "khí trong bóng nóng lên, áp suất tăng đẩy vỏ bóng phồng ra",
        [
            "nước nóng thấm qua vỏ làm tăng lượng khí ở trong bóng",
            "vỏ bóng co lại do nóng nên phần bị móp tự phồng ra",
            "áp suất của nước nóng tác dụng lên vỏ bóng lớn hơn",
        ],
        "Khí nóng lên trong thể tích gần như không đổi thì áp suất tăng.",
    )


def _boyle_charles(author: Author) -> None:
    author.choice(
        "understand",
        "Một lượng khí ở áp suất 1,5 atm có thể tích 6 L. Nén đẳng nhiệt đến thể tích 2 L thì áp suất của khí là",
        "4,5 atm",
        ["0,5 atm", "3,0 atm", "9,0 atm"],
        r"\( p_2 = \frac{p_1V_1}{V_2} = \frac{1{,}5 \cdot 6}{2} = 4{,}5 \) atm.",
        recipe=Recipe("boyle", {"p": 1.5, "v": 6, "to": 2}),
    )
    author.choice(
        "understand",
        "Một khối khí ở 27 °C có thể tích 3 L được đun nóng đẳng áp đến 127 °C. Thể tích của khối khí khi đó là",
        "4,0 L",
        ["14,1 L", "2,25 L", "3,5 L"],
        r"\( V_2 = V_1\frac{T_2}{T_1} = 3 \cdot \frac{400}{300} = 4 \) L.",
        recipe=Recipe("charles", {"v": 3, "from": 27, "to": 127}),
    )
    author.choice(
        "apply",
        "Một bọt khí nổi từ đáy hồ sâu 20 m lên mặt nước. Coi nhiệt độ không đổi, áp suất khí quyển bằng áp suất cột nước cao 10 m. "
        "Thể tích của bọt khí khi lên đến mặt nước",
        "tăng 3 lần",
        ["tăng 2 lần", "tăng 20 lần", "giảm 3 lần"],
        r"Áp suất ở đáy hồ bằng \( 10 + 20 = 30 \) m nước, gấp 3 lần ở mặt nước, nên thể tích tăng 3 lần.",
        recipe=Recipe("bubble", {"depth": 20}),
    )


def _state_equation(author: Author) -> None:
    for p1, v1, t1, p2, t2 in ((1, 12, 300, 2, 400), (2, 9, 360, 3, 300)):
        right = p1 * v1 / t1 * t2 / p2
        author.choice(
            "apply",
            f"Một lượng khí ở áp suất {p1} atm, thể tích {v1} L, nhiệt độ {t1} K chuyển sang trạng thái có áp suất {p2} atm và nhiệt độ {t2} K. Thể tích của khí khi đó là",
            f"{decimal(right)} L",
            [f"{decimal(round(v, 2))} L" for v in (p1 * v1 / p2, p1 * v1 * t1 / t2 / p2, v1 * t2 / t1 * p2 / p1)],
            rf"\( V_2 = \frac{{p_1V_1T_2}}{{p_2T_1}} = \frac{{{p1} \cdot {v1} \cdot {t2}}}{{{p2} \cdot {t1}}} = {number(right)} \) L.",
            recipe=Recipe("gas_state", {"p1": p1, "v1": v1, "t1": t1, "p2": p2, "t2": t2}),
        )
    author.choice(
        "apply",
        r"Một bình kín dung tích 24,93 L chứa khí oxygen ở 27 °C và áp suất \( 2 \cdot 10^5 \) Pa. Lấy \( R = 8{,}31 \) J/(mol.K). Số mol khí trong bình là",
        "2,0 mol",
        ["22 mol", "0,5 mol", "1,0 mol"],
        r"\( n = \frac{pV}{RT} = \frac{2 \cdot 10^5 \cdot 24{,}93 \cdot 10^{-3}}{8{,}31 \cdot 300} = 2 \) mol.",
        recipe=Recipe("moles", {"p": 2e5, "v": 24.93e-3, "t": 300}),
    )


def _kinetics(author: Author) -> None:
    author.choice(
        "apply",
        "Nhiệt độ của một khối khí lí tưởng tăng từ 27 °C lên 327 °C. Động năng tịnh tiến trung bình của mỗi phân tử khí",
        "tăng 2 lần",
        ["tăng 12,1 lần", "tăng 4 lần", "tăng 1,4 lần"],
        r"\( \overline{W_d} \) tỉ lệ với \( T \): từ 300 K lên 600 K nên tăng 2 lần.",
        recipe=Recipe("kinetic_ratio", {"from": 27, "to": 327}),
    )
    author.choice(
        "apply",
        "Căn bậc hai của trung bình bình phương tốc độ phân tử của một chất khí ở 100 K là 280 m/s. Ở 400 K, giá trị này là",
        "560 m/s",
        ["1120 m/s", "396 m/s", "140 m/s"],
        r"Tốc độ căn quân phương tỉ lệ với \( \sqrt{T} \): tăng \( \sqrt{4} = 2 \) lần.",
        recipe=Recipe("speed_ratio", {"speed": 280, "from": 100, "to": 400}),
        high=True,
    )


def _groups(author: Author) -> None:
    author.group(
        "know",
        "Xét các định luật của một lượng khí lí tưởng xác định.",
        [
            ("Khi nhiệt độ không đổi, áp suất tỉ lệ nghịch với thể tích.", True),
            ("Khi áp suất không đổi, thể tích tỉ lệ thuận với nhiệt độ Celsius.", False),
            ("Khi thể tích không đổi, áp suất tỉ lệ thuận với nhiệt độ tuyệt đối.", True),
            ("Đường đẳng nhiệt trong hệ toạ độ p – V là một đoạn thẳng qua gốc toạ độ.", False),
        ],
        "Thể tích tỉ lệ với nhiệt độ tuyệt đối (kelvin); đường đẳng nhiệt trong hệ p – V là một nhánh hypebol.",
    )
    loop = pictures.process_diagram([(2, 1), (2, 3), (6, 3), (6, 1)], "V (L)", "p (atm)", closed=True)
    author.group(
        "understand",
        "Một lượng khí lí tưởng thực hiện chu trình như hình vẽ. Nhiệt độ ở trạng thái (1) là 200 K.",
        [
            ("Quá trình (1) → (2) là quá trình đẳng tích.", True),
            ("Nhiệt độ ở trạng thái (2) là 600 K.", True),
            ("Nhiệt độ cao nhất của khí trong chu trình là 1800 K.", True),
            ("Nhiệt độ ở trạng thái (4) bằng nhiệt độ ở trạng thái (1).", False),
        ],
        r"\( T \) tỉ lệ với \( pV \): \( T_2 = 3T_1 = 600 \) K, \( T_3 = 9T_1 = 1800 \) K, \( T_4 = 3T_1 = 600 \) K.",
        picture=(
            loop,
            "Chu trình hình chữ nhật trong hệ p-V: (1) ở 2 L, 1 atm; (2) ở 2 L, 3 atm; (3) ở 6 L, 3 atm; (4) ở 6 L, 1 atm",
        ),
        recipe=Recipe("cycle_facts", {}),
    )
    author.group(
        "understand",
        "Bơm không khí vào một quả bóng có dung tích không đổi 2,5 L bằng một chiếc bơm tay, mỗi lần đưa được 125 cm³ không khí ở áp suất 1 atm vào bóng. "
        "Ban đầu trong bóng có không khí ở áp suất 1 atm; nhiệt độ không đổi.",
        [
            ("Mỗi lần bơm, áp suất trong bóng tăng thêm 0,05 atm.", True),
            ("Sau 20 lần bơm, áp suất trong bóng là 1 atm.", False),
            ("Số phân tử khí trong bóng tăng sau mỗi lần bơm.", True),
            ("Để áp suất trong bóng đạt 1,6 atm cần bơm 12 lần.", True),
        ],
        r"Mỗi lần bơm thêm \( \frac{0{,}125}{2{,}5} = 0{,}05 \) atm; sau 20 lần áp suất là 2 atm; \( \frac{0{,}6}{0{,}05} = 12 \) lần.",
        recipe=Recipe("ball_facts", {}),
    )


def _applied_groups(author: Author) -> None:
    author.group(
        "apply",
        "Lốp một ô tô có dung tích coi như không đổi, được bơm đến áp suất 2,4 atm ở nhiệt độ 27 °C. Sau khi chạy trên đường nóng, nhiệt độ khí trong lốp là 57 °C.",
        [
            ("Quá trình biến đổi của khí trong lốp gần đúng là đẳng tích.", True),
            ("Áp suất khí trong lốp khi đó là 2,64 atm.", True),
            ("Áp suất tăng tỉ lệ với độ Celsius nên áp suất khi đó bằng 5,07 atm.", False),
            ("Nếu van chỉ chịu được 3 atm thì nhiệt độ khí trong lốp không được vượt quá 102 °C.", True),
        ],
        r"\( p_2 = 2{,}4 \cdot \frac{330}{300} = 2{,}64 \) atm; \( T_{\max} = 300 \cdot \frac{3}{2{,}4} = 375 \) K, tức \( 102\,^\circ\mathrm{C} \).",
        recipe=Recipe("tyre_facts", {}),
    )
    author.group(
        "apply",
        "Một khí cầu có phần dưới hở, thể tích 500 m³, ban đầu chứa không khí ở 27 °C, khối lượng riêng 1,2 kg/m³. Không khí trong khí cầu được đốt nóng đến 127 °C.",
        [
            ("Áp suất không khí trong khí cầu luôn xấp xỉ áp suất khí quyển.", True),
            ("Khối lượng riêng của không khí nóng là 0,9 kg/m³.", True),
            ("Khối lượng không khí thoát ra khỏi khí cầu là 150 kg.", True),
            ("Khí cầu có thể nâng tổng tải trọng (gồm vỏ) là 200 kg.", False),
        ],
        r"\( \rho_2 = 1{,}2 \cdot \frac{300}{400} = 0{,}9 \) kg/m³; \( (1{,}2 - 0{,}9) \cdot 500 = 150 \) kg thoát ra, đó cũng là tải trọng lớn nhất có thể nâng.",
        recipe=Recipe("balloon_facts", {}),
        high=True,
    )


def _short(author: Author) -> None:
    author.short(
        "know",
        "Một lượng khí lí tưởng ở nhiệt độ không đổi có tích pV bằng 6 atm.L. Khi áp suất là 1,5 atm, thể tích của khí bằng bao nhiêu lít?",
        "4",
        r"\( V = \frac{6}{1{,}5} = 4 \) L.",
        recipe=Recipe("quotient", {"top": 6, "bottom": 1.5}),
    )
    author.short(
        "know",
        r"Có bao nhiêu mol phân tử trong một lượng khí chứa \( 15{,}05 \cdot 10^{23} \) phân tử? Lấy số Avogadro \( N_A = 6{,}02 \cdot 10^{23} \) mol⁻¹.",
        "2,5",
        r"\( n = \frac{15{,}05}{6{,}02} = 2{,}5 \) mol.",
        recipe=Recipe("quotient", {"top": 15.05, "bottom": 6.02}),
    )
    author.short(
        "understand",
        "Một bình kín chứa khí ở 300 K và áp suất 2 atm. Khi nhiệt độ tăng lên 450 K (thể tích không đổi), áp suất khí bằng bao nhiêu atm?",
        "3",
        r"\( p_2 = 2 \cdot \frac{450}{300} = 3 \) atm.",
        recipe=Recipe("scaled", {"value": 2, "from": 300, "to": 450}),
    )
    author.short(
        "understand",
        "Nén đẳng nhiệt một lượng khí từ thể tích 10 L xuống còn 4 L thì áp suất tăng thêm 0,9 atm. Áp suất ban đầu của khí bằng bao nhiêu atm?",
        "0,6",
        r"\( 10p = 4(p + 0{,}9) \) suy ra \( p = 0{,}6 \) atm.",
        recipe=Recipe("squeeze", {"from": 10, "to": 4, "rise": 0.9}),
    )


def _short_applied(author: Author) -> None:
    author.short(
        "understand",
        "Khi được làm lạnh đẳng áp từ 400 K, thể tích của một khối khí giảm còn 75 % thể tích ban đầu. Nhiệt độ của khối khí lúc sau bằng bao nhiêu kelvin?",
        "300",
        r"\( T_2 = 0{,}75 \cdot 400 = 300 \) K.",
        recipe=Recipe("product", {"factors": [0.75, 400]}),
    )
    author.short(
        "apply",
        "Một bình chứa 40 L khí nén ở áp suất 150 atm dùng để bơm bóng bay. Mỗi quả bóng có thể tích 5 L ở áp suất 1,2 atm. Coi nhiệt độ không đổi, "
        "bơm đến khi áp suất trong bình còn 1,2 atm thì bơm được bao nhiêu quả bóng?",
        "992",
        r"\( N = \frac{(150 - 1{,}2) \cdot 40}{1{,}2 \cdot 5} = 992 \).",
        recipe=Recipe("balloons", {}),
    )
    author.short(
        "apply",
        "Khí trong xilanh của động cơ có thể tích 2 L, áp suất 1 atm, nhiệt độ 47 °C được nén còn 0,2 L và áp suất tăng đến 15 atm. "
        "Nhiệt độ của khí sau khi nén bằng bao nhiêu độ C?",
        "207",
        r"\( T_2 = T_1\frac{p_2V_2}{p_1V_1} = 320 \cdot \frac{15 \cdot 0{,}2}{1 \cdot 2} = 480 \) K, tức \( 207\,^\circ\mathrm{C} \).",
        recipe=Recipe("engine", {}),
    )
    author.short(
        "apply",
        "Hai bình có thể tích 3 L và 2 L chứa cùng loại khí ở cùng nhiệt độ, áp suất lần lượt là 2 atm và 4,5 atm, được nối bằng ống nhỏ có khoá. "
        "Mở khoá, nhiệt độ không đổi, áp suất khí khi cân bằng bằng bao nhiêu atm?",
        "3",
        r"\( p = \frac{2 \cdot 3 + 4{,}5 \cdot 2}{3 + 2} = 3 \) atm.",
        recipe=Recipe("joined", {}),
        high=True,
    )
