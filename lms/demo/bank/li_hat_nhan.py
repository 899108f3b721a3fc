"""Vật lí 12, topic 4: the atomic nucleus, binding energy and radioactivity."""

from __future__ import annotations

from lms.demo import pictures
from lms.demo.bank.latex import decimal, number
from lms.demo.bank.shapes import Author, DemoItem, Recipe

TOPIC = "LI12.4"


def nucleus(mass: int, charge: int, symbol: str) -> str:
    """A nuclide as a formula."""
    return rf"\( {bare(mass, charge, symbol)} \)"


def bare(mass: int, charge: int, symbol: str) -> str:
    """A nuclide inside a formula."""
    return rf"{{}}^{{{mass}}}_{{{charge}}}\mathrm{{{symbol}}}"


def items() -> list[DemoItem]:
    """All items of the topic."""
    author = Author(TOPIC)
    _structure(author)
    _processes(author)
    _reactions(author)
    _reasoning(author)
    _decay(author)
    _energy(author)
    _groups(author)
    _applied_groups(author)
    _short(author)
    _short_applied(author)
    return author.items


def _structure(author: Author) -> None:
    for mass, charge, symbol, name in ((23, 11, "Na", "natri"), (56, 26, "Fe", "sắt")):
        neutrons = mass - charge
        author.choice(
            "know",
            f"Hạt nhân {name} {nucleus(mass, charge, symbol)} có cấu tạo gồm",
            f"{charge} proton và {neutrons} neutron",
            [
                f"{neutrons} proton và {charge} neutron",
                f"{charge} proton và {mass} neutron",
                f"{mass} proton và {charge} neutron",
            ],
            rf"Số proton \( Z = {charge} \), số neutron \( N = A - Z = {mass} - {charge} = {neutrons} \).",
            recipe=Recipe("nucleons", {"mass": mass, "charge": charge}),
        )
    author.choice(
        "know",
        "Các đồng vị của cùng một nguyên tố hoá học có cùng",
        "số proton, khác số neutron",
        ["số neutron, khác số proton", "số nucleon, khác số proton", "số nucleon, khác số neutron"],
        "Đồng vị là những nguyên tử mà hạt nhân có cùng số proton Z nhưng khác số neutron N.",
    )
    author.choice(
        "know",
        "Đại lượng đặc trưng cho mức độ bền vững của hạt nhân là",
        "năng lượng liên kết riêng",
        ["năng lượng liên kết", "độ hụt khối", "khối lượng hạt nhân"],
        "Năng lượng liên kết tính cho một nucleon càng lớn thì hạt nhân càng bền vững.",
    )


def _processes(author: Author) -> None:
    author.choice(
        "know",
        r"Tia phóng xạ nào sau đây có bản chất là dòng các hạt nhân \( {}^{4}_{2}\mathrm{He} \)?",
        r"Tia \( \alpha \)",
        [r"Tia \( \beta^- \)", r"Tia \( \beta^+ \)", r"Tia \( \gamma \)"],
        r"Hạt \( \alpha \) chính là hạt nhân helium; tia \( \beta^\pm \) là dòng electron, positron; tia \( \gamma \) là sóng điện từ.",
    )
    author.choice(
        "know",
        "Phản ứng nhiệt hạch là quá trình",
        "các hạt nhân nhẹ kết hợp thành hạt nhân nặng hơn",
        [
            "hạt nhân nặng vỡ thành hai hạt nhân nhẹ hơn",
            "hạt nhân tự phát ra tia phóng xạ và biến đổi",
            "hạt nhân hấp thụ neutron rồi phát ra tia gamma",
        ],
        "Phản ứng nhiệt hạch (tổng hợp hạt nhân) xảy ra ở nhiệt độ rất cao, như trong lòng Mặt Trời.",
    )


def _reactions(author: Author) -> None:
    for parent, daughter in (((226, 88, "Ra"), (222, 86, "Rn")), ((14, 6, "C"), (14, 7, "N"))):
        alpha = parent[0] != daughter[0]
        names = [r"\( \alpha \)", r"\( \beta^- \)", r"\( \beta^+ \)", r"\( \gamma \)"]
        right = names[0] if alpha else names[1]
        author.choice(
            "understand",
            f"Hạt nhân {nucleus(*parent)} phóng xạ và biến đổi thành hạt nhân {nucleus(*daughter)}. Đó là phóng xạ",
            right,
            [name for name in names if name != right],
            r"Bảo toàn số nucleon và điện tích: hạt phát ra có "
            rf"\( A = {parent[0] - daughter[0]} \), \( Z = {parent[1] - daughter[1]} \).",
            recipe=Recipe("emitted", {"parent": parent[:2], "daughter": daughter[:2]}),
        )
    author.choice(
        "understand",
        rf"Cho phản ứng hạt nhân \( {bare(1, 0, 'n')} + {bare(235, 92, 'U')} \to {bare(140, 54, 'Xe')} + {bare(94, 38, 'Sr')} + k\,{bare(1, 0, 'n')} \). Giá trị của \( k \) là",
        r"\( 2 \)",
        [r"\( 3 \)", r"\( 1 \)", r"\( 4 \)"],
        r"Bảo toàn số nucleon: \( 1 + 235 = 140 + 94 + k \) suy ra \( k = 2 \).",
        recipe=Recipe("fission", {"left": [[1, 0], [235, 92]], "right": [[140, 54], [94, 38]]}),
    )


def _reasoning(author: Author) -> None:
    author.choice(
        "understand",
        r"So sánh khả năng đâm xuyên của các tia phóng xạ, thứ tự tăng dần là",
        r"\( \alpha,\, \beta,\, \gamma \)",
        [
            r"\( \gamma,\, \beta,\, \alpha \)",
            r"\( \beta,\, \alpha,\, \gamma \)",
            r"\( \alpha,\, \gamma,\, \beta \)",
        ],
        r"Tia \( \alpha \) bị tờ giấy chặn lại, tia \( \beta \) bị tấm nhôm mỏng chặn lại, tia \( \gamma \) cần lớp chì dày.",
    )
    author.choice(
        "understand",
        "Một mẫu chất phóng xạ được nung nóng từ 20 °C đến 500 °C. Chu kì bán rã của chất đó",
        "không thay đổi",
        ["tăng 25 lần", "giảm 25 lần", "tăng 2,6 lần"],
        "Phóng xạ là quá trình tự phát trong hạt nhân, không phụ thuộc nhiệt độ, áp suất hay liên kết hoá học.",
    )
    curve = pictures.decay_curve(80, 6, "h")
    author.choice(
        "understand",
        "Đồ thị biểu diễn độ phóng xạ của một nguồn dùng trong y học theo thời gian. Chu kì bán rã của chất phóng xạ này là",
        "6 giờ",
        ["12 giờ", "3 giờ", "24 giờ"],
        "Độ phóng xạ giảm từ 80 MBq còn 40 MBq (một nửa) sau 6 giờ.",
        picture=(curve, "Đồ thị độ phóng xạ giảm dần: 80 MBq lúc đầu, 40 MBq sau 6 giờ, 20 MBq sau 12 giờ"),
        recipe=Recipe("halving", {"start": 80, "after": 40, "time": 6}),
    )


def _decay(author: Author) -> None:
    for half_life, unit, periods, asked in ((8, "ngày", 3, "còn lại"), (5.27, "năm", 2, "đã phân rã")):
        left = 100 / 2**periods
        right = left if asked == "còn lại" else 100 - left
        wrong = [100 - right, 100 / periods if periods > 2 else 50, right / 2 if asked == "còn lại" else 87.5]
        author.choice(
            "apply",
            f"Một chất phóng xạ có chu kì bán rã {decimal(half_life)} {unit}. Sau {decimal(half_life * periods)} {unit}, phần trăm số hạt nhân {asked} so với ban đầu là",
            f"{decimal(right)} %",
            [f"{decimal(round(value, 2))} %" for value in wrong],
            rf"Sau {periods} chu kì bán rã, số hạt nhân còn lại bằng \( \frac{{1}}{{2^{periods}}} = {number(left / 100)} \) số ban đầu.",
            recipe=Recipe("decayed", {"half_life": half_life, "time": half_life * periods, "asked": asked}),
        )
    author.choice(
        "apply",
        "Ban đầu một mẫu có 16 g chất phóng xạ. Sau 60 ngày khối lượng chất đó còn lại 0,5 g. Chu kì bán rã của chất là",
        "12 ngày",
        ["15 ngày", "10 ngày", "20 ngày"],
        r"\( \frac{16}{0{,}5} = 32 = 2^5 \), tức 5 chu kì: \( T = \frac{60}{5} = 12 \) ngày.",
        recipe=Recipe("half_life", {"from": 16, "to": 0.5, "time": 60}),
    )


def _energy(author: Author) -> None:
    author.choice(
        "apply",
        r"Độ hụt khối của hạt nhân \( {}^{4}_{2}\mathrm{He} \) là 0,0304 amu. Lấy 1 amu = 931,5 MeV/c². Năng lượng liên kết riêng của hạt nhân này xấp xỉ",
        "7,1 MeV/nucleon",
        ["28,3 MeV/nucleon", "14,2 MeV/nucleon", "4,7 MeV/nucleon"],
        r"\( \frac{0{,}0304 \cdot 931{,}5}{4} \approx 7{,}08 \) MeV/nucleon.",
        recipe=Recipe("binding", {"defect": 0.0304, "nucleons": 4}),
    )
    author.choice(
        "apply",
        "Mỗi phân hạch của một hạt nhân uranium toả ra năng lượng 200 MeV. Lấy 1 MeV = 1,6.10⁻¹³ J. Số phân hạch cần xảy ra trong mỗi giây để có công suất 3,2 MW là",
        r"\( 10^{17} \)",
        [r"\( 10^{20} \)", r"\( 2 \cdot 10^{17} \)", r"\( 10^{14} \)"],
        r"\( \frac{3{,}2 \cdot 10^6}{200 \cdot 1{,}6 \cdot 10^{-13}} = 10^{17} \).",
        recipe=Recipe("fissions", {}),
    )
    author.choice(
        "apply",
        "Trong một mẫu đá, tỉ số giữa số hạt nhân con bền và số hạt nhân mẹ phóng xạ còn lại là 3. Biết lúc hình thành mẫu đá không có hạt nhân con, chu kì bán rã là 1,3 tỉ năm. Tuổi của mẫu đá là",
        "2,6 tỉ năm",
        ["3,9 tỉ năm", "1,3 tỉ năm", "5,2 tỉ năm"],
        r"Số hạt nhân mẹ còn \( \frac{1}{1 + 3} = \frac{1}{4} \) ban đầu, tức là đã qua 2 chu kì bán rã.",
        recipe=Recipe("rock_age", {}),
        high=True,
    )


def _groups(author: Author) -> None:
    author.group(
        "know",
        rf"Xét hạt nhân cobalt {nucleus(60, 27, 'Co')} là chất phóng xạ \( \beta^- \) được dùng trong y học.",
        [
            ("Hạt nhân này có 27 proton.", True),
            ("Hạt nhân này có 60 neutron.", False),
            ("Khi phóng xạ, hạt nhân phát ra electron.", True),
            ("Hạt nhân con tạo thành có 26 proton.", False),
        ],
        r"Số neutron là \( 60 - 27 = 33 \); sau phóng xạ \( \beta^- \) số proton tăng 1 thành 28.",
        recipe=Recipe("cobalt_facts", {}),
    )
    curve = pictures.decay_curve(160, 5, "h")
    author.group(
        "understand",
        "Đồ thị biểu diễn độ phóng xạ H của một nguồn theo thời gian t.",
        [
            ("Độ phóng xạ ban đầu của nguồn là 160 MBq.", True),
            ("Chu kì bán rã của chất phóng xạ là 10 giờ.", False),
            ("Sau 15 giờ, độ phóng xạ còn 20 MBq.", True),
            ("Sau 10 giờ, 75 % số hạt nhân ban đầu đã phân rã.", True),
        ],
        "Sau 5 giờ độ phóng xạ giảm một nửa nên T = 5 giờ; sau 3T còn 1/8; sau 2T còn 1/4.",
        picture=(curve, "Đồ thị độ phóng xạ giảm: 160 MBq lúc đầu, 80 MBq sau 5 giờ, 40 MBq sau 10 giờ"),
        recipe=Recipe("curve_facts", {}),
    )
    author.group(
        "understand",
        rf"Cho phản ứng \( {bare(2, 1, 'H')} + {bare(3, 1, 'H')} \to {bare(4, 2, 'He')} + {bare(1, 0, 'n')} \), toả năng lượng 17,6 MeV.",
        [
            ("Đây là phản ứng nhiệt hạch.", True),
            ("Tổng khối lượng các hạt trước phản ứng nhỏ hơn tổng khối lượng các hạt sau phản ứng.", False),
            ("Tổng số nucleon trước và sau phản ứng đều bằng 5.", True),
            ("Phản ứng xảy ra dễ dàng ở nhiệt độ phòng.", False),
        ],
        "Phản ứng toả năng lượng nên khối lượng giảm; các hạt nhân mang điện dương đẩy nhau nên cần nhiệt độ rất cao.",
    )


def _applied_groups(author: Author) -> None:
    author.group(
        "apply",
        rf"Iodine {nucleus(131, 53, 'I')} có chu kì bán rã 8 ngày, dùng trong điều trị bệnh tuyến giáp. Một liều thuốc có độ phóng xạ ban đầu 640 MBq.",
        [
            ("Sau 24 ngày, độ phóng xạ của liều thuốc (chưa sử dụng) còn 80 MBq.", True),
            ("Sau 16 ngày, độ phóng xạ đã giảm đi 160 MBq.", False),
            (r"Hằng số phóng xạ của iodine này xấp xỉ \( 10^{-6} \) s⁻¹.", True),
            ("Cần ít nhất 48 ngày để độ phóng xạ giảm xuống còn 10 MBq.", True),
        ],
        r"\( \lambda = \frac{\ln 2}{8 \cdot 86\,400} \approx 10^{-6} \) s⁻¹; sau 16 ngày còn 160 MBq (giảm 480 MBq); \( \frac{640}{10} = 2^6 \) ứng với 48 ngày.",
        recipe=Recipe("iodine_facts", {}),
    )
    author.group(
        "apply",
        r"Một lò phản ứng có công suất nhiệt 1000 MW dùng uranium \( {}^{235}_{92}\mathrm{U} \). Mỗi phân hạch toả ra \( 3{,}2 \cdot 10^{-11} \) J. Lấy \( N_A = 6{,}02 \cdot 10^{23} \) mol⁻¹ và khối lượng mol 235 g/mol.",
        [
            (r"Mỗi giây có khoảng \( 3{,}1 \cdot 10^{19} \) phân hạch trong lò.", True),
            ("Mỗi ngày lò tiêu thụ khoảng 1,05 kg uranium 235.", True),
            ("Năng lượng toả ra khi phân hạch hết 1 g uranium 235 khoảng 82 MJ.", False),
            ("Trong phản ứng dây chuyền, neutron sinh ra có thể gây ra các phân hạch tiếp theo.", True),
        ],
        r"\( \frac{10^9}{3{,}2 \cdot 10^{-11}} = 3{,}125 \cdot 10^{19} \) phân hạch mỗi giây, tức khoảng 1,05 kg mỗi ngày; 1 g toả ra khoảng \( 8{,}2 \cdot 10^{10} \) J = 82 GJ.",
        recipe=Recipe("reactor_facts", {}),
        high=True,
    )


def _short(author: Author) -> None:
    author.short(
        "know",
        f"Hạt nhân {nucleus(238, 92, 'U')} có bao nhiêu neutron?",
        "146",
        r"\( N = 238 - 92 = 146 \).",
        recipe=Recipe("difference", {"high": 238, "low": 92}),
    )
    author.short(
        "know",
        "Một chất phóng xạ có chu kì bán rã 3,8 ngày. Sau bao nhiêu ngày thì số hạt nhân của chất đó còn lại một phần tư so với ban đầu?",
        "7,6",
        r"Còn \( \frac{1}{4} \) sau hai chu kì bán rã: \( 2 \cdot 3{,}8 = 7{,}6 \) ngày.",
        recipe=Recipe("product", {"factors": [2, 3.8]}),
    )
    author.short(
        "understand",
        rf"Hạt nhân {nucleus(238, 92, 'U')} sau một chuỗi phóng xạ \( \alpha \) và \( \beta^- \) biến thành hạt nhân bền {nucleus(206, 82, 'Pb')}. Có bao nhiêu hạt \( \alpha \) được phát ra?",
        "8",
        r"Chỉ phóng xạ \( \alpha \) làm giảm số khối: \( \frac{238 - 206}{4} = 8 \).",
        recipe=Recipe("chain_alpha", {"from": 238, "to": 206}),
    )
    author.short(
        "understand",
        rf"Hạt nhân {nucleus(232, 90, 'Th')} sau một chuỗi phóng xạ \( \alpha \) và \( \beta^- \) biến thành hạt nhân {nucleus(208, 82, 'Pb')}. Có bao nhiêu hạt \( \beta^- \) được phát ra?",
        "4",
        r"Có \( \frac{232 - 208}{4} = 6 \) hạt \( \alpha \); \( 90 - 2 \cdot 6 + x = 82 \) suy ra \( x = 4 \).",
        recipe=Recipe("chain_beta", {"parent": [232, 90], "daughter": [208, 82]}),
    )


def _short_applied(author: Author) -> None:
    author.short(
        "understand",
        "Độ phóng xạ của một mẫu giảm từ 960 Bq xuống 120 Bq trong 18 giờ. Chu kì bán rã của chất phóng xạ trong mẫu bằng bao nhiêu giờ?",
        "6",
        r"\( \frac{960}{120} = 8 = 2^3 \) nên \( T = \frac{18}{3} = 6 \) giờ.",
        recipe=Recipe("half_life", {"from": 960, "to": 120, "time": 18}),
    )
    author.short(
        "apply",
        r"Trong phản ứng hạt nhân, tổng khối lượng các hạt giảm 0,02 amu. Lấy 1 amu = 931,5 MeV/c². Năng lượng toả ra bằng bao nhiêu MeV (làm tròn kết quả đến hàng phần mười)?",
        "18,6",
        r"\( E = 0{,}02 \cdot 931{,}5 = 18{,}63 \approx 18{,}6 \) MeV.",
        recipe=Recipe("product", {"factors": [0.02, 931.5], "digits": 1}),
    )
    author.short(
        "apply",
        r"Một mẫu gỗ cổ có hoạt độ phóng xạ \( {}^{14}_{6}\mathrm{C} \) bằng 50 % hoạt độ của mẫu gỗ cùng loại, cùng khối lượng vừa chặt. Chu kì bán rã của \( {}^{14}_{6}\mathrm{C} \) là 5730 năm. Tuổi của mẫu gỗ cổ là bao nhiêu năm?",
        "5730",
        "Hoạt độ giảm còn một nửa sau đúng một chu kì bán rã.",
        recipe=Recipe("age", {"half_life": 5730, "share": 0.5}),
    )
    author.short(
        "apply",
        "Tiêm vào máu một người 2 cm³ dung dịch chứa chất phóng xạ có chu kì bán rã 15 giờ, độ phóng xạ 6000 Bq. Sau 30 giờ, lấy 10 cm³ máu của người đó thì đo được độ phóng xạ 3 Bq. "
        "Coi chất phóng xạ phân bố đều và không bị đào thải. Thể tích máu của người đó bằng bao nhiêu lít?",
        "5",
        r"Sau 2 chu kì, tổng độ phóng xạ còn \( \frac{6000}{4} = 1500 \) Bq; \( V = \frac{1500}{3} \cdot 10 = 5000 \) cm³ = 5 L.",
        recipe=Recipe("blood", {}),
        high=True,
    )
