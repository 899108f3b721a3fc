"""Vật lí 12, topic 1: thermal physics (structure of matter, internal energy, heat)."""

from __future__ import annotations

from lms.demo import pictures
from lms.demo.bank.latex import decimal, number
from lms.demo.bank.shapes import Author, DemoItem, Recipe

TOPIC = "LI12.1"
WATER = 4200


def items() -> list[DemoItem]:
    """All items of the topic."""
    author = Author(TOPIC)
    _structure(author)
    _energy(author)
    _changes_of_state(author)
    _explanations(author)
    _heat(author)
    _balance(author)
    _power(author)
    _groups(author)
    _applied_groups(author)
    _short(author)
    _short_applied(author)
    return author.items


def _structure(author: Author) -> None:
    author.choice(
        "know",
        "Theo mô hình động học phân tử, các phân tử cấu tạo nên vật chất",
        "chuyển động không ngừng, vật càng nóng chuyển động càng nhanh",
        [
            "chuyển động không ngừng, vật càng nóng chuyển động càng chậm",
            "đứng yên tại chỗ, chỉ chuyển động khi vật được nung nóng lên",
            "luôn đứng yên và giữa chúng không có khoảng cách nào",
        ],
        "Chuyển động nhiệt của phân tử diễn ra không ngừng; nhiệt độ càng cao, tốc độ trung bình càng lớn.",
    )
    author.choice(
        "know",
        "Chất ở thể nào sau đây có hình dạng và thể tích riêng xác định?",
        "Thể rắn",
        ["Thể lỏng", "Thể khí", "Thể hơi"],
        "Trong chất rắn, lực tương tác mạnh giữ các phân tử quanh vị trí cân bằng xác định.",
    )
    author.choice(
        "know",
        "Đơn vị của nhiệt dung riêng trong hệ SI là",
        "J/(kg.K)",
        ["J/kg", "J/K", "J.kg/K"],
        r"Từ \( Q = mc\Delta T \) suy ra đơn vị của \( c \) là J/(kg.K).",
    )


def _energy(author: Author) -> None:
    author.choice(
        "know",
        "Nội năng của một vật là",
        "tổng động năng và thế năng tương tác của các phân tử cấu tạo nên vật",
        [
            "tổng động năng và thế năng trọng trường của vật khi chuyển động",
            "nhiệt lượng mà vật nhận được trong quá trình truyền nhiệt",
            "tổng động năng chuyển động có hướng của các phân tử trong vật",
        ],
        "Nội năng gồm động năng chuyển động nhiệt và thế năng tương tác giữa các phân tử.",
    )
    author.choice(
        "know",
        r"Biểu thức của định luật 1 của nhiệt động lực học là \( \Delta U = A + Q \). Quy ước dấu nào sau đây đúng?",
        r"\( Q > 0 \) khi hệ nhận nhiệt, \( A > 0 \) khi hệ nhận công",
        [
            r"\( Q > 0 \) khi hệ nhận nhiệt, \( A > 0 \) khi hệ sinh công",
            r"\( Q < 0 \) khi hệ nhận nhiệt, \( A > 0 \) khi hệ nhận công",
            r"\( Q < 0 \) khi hệ nhận nhiệt, \( A < 0 \) khi hệ nhận công",
        ],
        "Hệ nhận nhiệt hoặc nhận công thì các đại lượng đó mang dấu dương và làm tăng nội năng.",
    )
    author.choice(
        "know",
        "Ở áp suất tiêu chuẩn, nhiệt độ của nước đá đang tan trong thang Kelvin là khoảng",
        "273 K",
        ["0 K", "100 K", "373 K"],
        r"\( T = t + 273 \), với \( t = 0\,^\circ\mathrm{C} \) thì \( T = 273 \) K.",
    )


def _changes_of_state(author: Author) -> None:
    curve = pictures.heating_curve([(0, -20), (2, 0), (8, 0), (16, 100), (20, 100)])
    author.choice(
        "understand",
        "Đồ thị mô tả sự thay đổi nhiệt độ của một khối nước đá được đun đều theo thời gian. Trong khoảng từ phút thứ 2 đến phút thứ 8,",
        "nước đá đang nóng chảy, nhiệt độ không đổi",
        [
            "nước đá đang nóng lên đến nhiệt độ nóng chảy",
            "nước đang nóng lên đến nhiệt độ sôi của nó",
            "nước đang sôi và hoá hơi ở nhiệt độ không đổi",
        ],
        "Đoạn nằm ngang ở 0 °C ứng với quá trình nóng chảy: nhiệt lượng nhận vào dùng để phá vỡ liên kết mạng tinh thể.",
        picture=(
            curve,
            "Đồ thị nhiệt độ theo thời gian: tăng từ -20 °C đến 0 °C, giữ 0 °C từ phút 2 đến 8, tăng đến 100 °C ở phút 16, giữ 100 °C",
        ),
    )
    author.choice(
        "understand",
        "Phát biểu nào sau đây về sự bay hơi và sự sôi của chất lỏng là đúng?",
        "Sự bay hơi xảy ra ở mặt thoáng và ở nhiệt độ bất kì",
        [
            "Sự bay hơi chỉ xảy ra khi chất lỏng đạt nhiệt độ sôi",
            "Sự sôi chỉ xảy ra ở mặt thoáng của khối chất lỏng",
            "Nhiệt độ sôi không phụ thuộc áp suất trên mặt thoáng",
        ],
        "Sự sôi diễn ra cả trong lòng và trên mặt thoáng ở nhiệt độ xác định, phụ thuộc áp suất; sự bay hơi diễn ra ở mọi nhiệt độ.",
    )


def _explanations(author: Author) -> None:
    author.choice(
        "understand",
        "Xoa hai bàn tay vào nhau, ta thấy tay nóng lên. Nội năng của bàn tay đã thay đổi chủ yếu bằng cách",
        "thực hiện công",
        ["truyền nhiệt", "bức xạ nhiệt", "đối lưu nhiệt"],
        "Ma sát giữa hai bàn tay thực hiện công, cơ năng chuyển hoá thành nội năng.",
    )
    author.choice(
        "understand",
        "Vì sao khí hậu vùng ven biển thường ôn hoà hơn vùng nằm sâu trong đất liền?",
        "Vì nước có nhiệt dung riêng lớn hơn nhiều so với đất",
        [
            "Vì nước có nhiệt dung riêng nhỏ hơn nhiều so với đất",
            "Vì nước biển dẫn nhiệt tốt hơn nhiều so với đất đá",
            "Vì nước biển có khối lượng riêng nhỏ hơn so với đất",
        ],
        "Nhiệt dung riêng lớn nên nước nóng lên và nguội đi chậm, điều hoà nhiệt độ của vùng ven biển.",
    )


def _heat(author: Author) -> None:
    for mass, rise, what in ((2, 30, "nước trong ấm"), (0.5, 60, "nước trong bình giữ nhiệt")):
        heat = mass * WATER * rise / 1000
        author.choice(
            "understand",
            f"Nhiệt dung riêng của nước là 4200 J/(kg.K). Nhiệt lượng cần cung cấp để {decimal(mass)} kg {what} nóng thêm {rise} °C là",
            f"{decimal(heat)} kJ",
            [f"{decimal(value)} kJ" for value in (heat / 2, heat * 10, mass * WATER / 1000)],
            rf"\( Q = mc\Delta t = {number(mass)} \cdot 4200 \cdot {rise} = {number(heat * 1000)} \) J.",
            recipe=Recipe("heat", {"mass": mass, "rise": rise}),
        )
    for work, heat in ((200, -80), (-120, 300)):
        change = work + heat
        author.choice(
            "apply" if work < 0 else "understand",
            f"Một khối khí trong xilanh {'nhận' if work > 0 else 'thực hiện'} công {abs(work)} J và {'nhận' if heat > 0 else 'toả ra môi trường'} nhiệt lượng {abs(heat)} J. "
            "Nội năng của khối khí",
            f"tăng {change} J",
            [f"tăng {abs(work) + abs(heat)} J", f"giảm {change} J", f"giảm {abs(work) + abs(heat)} J"],
            rf"\( \Delta U = A + Q = {work} + ({heat}) = {change} \) J.",
            recipe=Recipe("first_law", {"work": work, "heat": heat}),
        )


def _balance(author: Author) -> None:
    for hot_mass, hot, cold_mass, cold in ((1, 80, 3, 20), (2, 90, 4, 30)):
        right = (hot_mass * hot + cold_mass * cold) / (hot_mass + cold_mass)
        author.choice(
            "apply",
            f"Trộn {hot_mass} kg nước ở {hot} °C với {cold_mass} kg nước ở {cold} °C trong bình cách nhiệt tốt. Nhiệt độ khi cân bằng là",
            f"{decimal(right)} °C",
            [
                f"{decimal(v)} °C"
                for v in (
                    (hot + cold) / 2,
                    (hot * cold_mass + cold * hot_mass) / (hot_mass + cold_mass),
                    right - 5,
                )
            ],
            rf"\( {hot_mass}c({hot} - t) = {cold_mass}c(t - {cold}) \) suy ra \( t = {number(right)}\,^\circ\mathrm{{C}} \).",
            recipe=Recipe("mixture", {"masses": [hot_mass, cold_mass], "temperatures": [hot, cold]}),
        )
    author.choice(
        "apply",
        r"Nhiệt nóng chảy riêng của nước đá là \( 3{,}34 \cdot 10^5 \) J/kg, nhiệt dung riêng của nước là 4200 J/(kg.K). "
        "Nhiệt lượng cần để làm 0,5 kg nước đá ở 0 °C tan hết thành nước ở 20 °C là",
        "209 kJ",
        ["167 kJ", "42 kJ", "125 kJ"],
        r"\( Q = m\lambda + mc\Delta t = 0{,}5 \cdot 3{,}34 \cdot 10^5 + 0{,}5 \cdot 4200 \cdot 20 = 209\,000 \) J.",
        recipe=Recipe("melt", {"mass": 0.5, "rise": 20}),
    )


def _power(author: Author) -> None:
    author.choice(
        "apply",
        "Một ấm điện công suất 1500 W đun 1,5 kg nước từ 25 °C đến 100 °C. Biết nhiệt dung riêng của nước là 4200 J/(kg.K) và hiệu suất đun là 90 %. "
        "Thời gian đun nước là",
        "350 s",
        ["315 s", "284 s", "390 s"],
        r"\( t = \frac{mc\Delta t}{HP} = \frac{1{,}5 \cdot 4200 \cdot 75}{0{,}9 \cdot 1500} = 350 \) s.",
        recipe=Recipe("kettle", {}),
    )
    author.choice(
        "apply",
        "Nhiệt hoá hơi riêng của nước là 2,26 MJ/kg. Để hoá hơi hoàn toàn 200 g nước ở 100 °C bằng bếp có công suất hữu ích 1130 W thì cần thời gian",
        "400 s",
        ["200 s", "452 s", "500 s"],
        r"\( t = \frac{mL}{P} = \frac{0{,}2 \cdot 2{,}26 \cdot 10^6}{1130} = 400 \) s.",
        recipe=Recipe("boil_off", {}),
        high=True,
    )


def _groups(author: Author) -> None:
    author.group(
        "know",
        "Xét cấu tạo của các chất ở thể rắn, thể lỏng và thể khí theo mô hình động học phân tử.",
        [
            ("Ở thể khí, khoảng cách giữa các phân tử rất lớn so với kích thước của chúng.", True),
            ("Ở thể rắn, các phân tử đứng yên tại vị trí cân bằng.", False),
            ("Ở thể lỏng, các phân tử dao động quanh những vị trí cân bằng có thể dịch chuyển.", True),
            ("Giữa các phân tử chỉ có lực hút mà không có lực đẩy.", False),
        ],
        "Phân tử chất rắn dao động quanh vị trí cân bằng cố định; giữa các phân tử có cả lực hút và lực đẩy.",
    )
    curve = pictures.heating_curve([(0, 20), (4, 80), (10, 80), (14, 140)])
    author.group(
        "understand",
        "Đồ thị mô tả sự thay đổi nhiệt độ của một chất rắn kết tinh khi được đun nóng liên tục với công suất không đổi.",
        [
            ("Nhiệt độ nóng chảy của chất đó là 80 °C.", True),
            ("Quá trình nóng chảy kéo dài 10 phút.", False),
            ("Trong khi nóng chảy, chất vẫn nhận nhiệt lượng.", True),
            ("Ở phút thứ 12, chất đã chuyển hết sang thể lỏng.", True),
        ],
        "Đoạn nằm ngang từ phút 4 đến phút 10 là quá trình nóng chảy, kéo dài 6 phút.",
        picture=(
            curve,
            "Đồ thị nhiệt độ: tăng từ 20 °C đến 80 °C trong 4 phút, giữ 80 °C đến phút 10, tăng đến 140 °C ở phút 14",
        ),
    )
    author.group(
        "understand",
        "Một lượng khí trong xilanh kín có pit-tông di chuyển không ma sát được làm nóng chậm, khí dãn nở đẩy pit-tông.",
        [
            ("Khối khí nhận nhiệt lượng từ bên ngoài.", True),
            ("Khối khí thực hiện công lên pit-tông.", True),
            ("Độ biến thiên nội năng của khí bằng đúng nhiệt lượng nó nhận được.", False),
            ("Nếu khí nhận 50 J nhiệt lượng và thực hiện công 20 J thì nội năng tăng 30 J.", True),
        ],
        r"\( \Delta U = A + Q \) với \( A < 0 \) do khí sinh công: \( \Delta U = -20 + 50 = 30 \) J.",
        recipe=Recipe("piston_facts", {}),
    )


def _applied_groups(author: Author) -> None:
    author.group(
        "apply",
        "Nhóm học sinh dùng dây nung công suất 24 W đun 0,2 kg nước trong bình cách nhiệt. Sau mỗi phút, nhiệt độ nước tăng thêm 1,7 °C. "
        "Bỏ qua nhiệt lượng mà bình và dây nung hấp thụ.",
        [
            ("Trong một phút, dây nung toả ra nhiệt lượng 1440 J.", True),
            ("Từ số liệu, nhiệt dung riêng của nước đo được khoảng 4235 J/(kg.K).", True),
            ("Nếu có nhiệt lượng hao phí ra môi trường thì giá trị đo được nhỏ hơn giá trị thực.", False),
            ("Nếu tăng khối lượng nước lên 0,4 kg thì mỗi phút nhiệt độ tăng khoảng 3,4 °C.", False),
        ],
        r"\( c = \frac{Pt}{m\Delta t} = \frac{1440}{0{,}2 \cdot 1{,}7} \approx 4235 \); hao phí làm giá trị đo lớn hơn giá trị thực; khối lượng gấp đôi thì độ tăng nhiệt độ giảm một nửa.",
        recipe=Recipe("calorimeter_facts", {}),
    )
    author.group(
        "apply",
        "Thả 100 g nước đá ở 0 °C vào 400 g nước ở 40 °C trong bình cách nhiệt. Lấy nhiệt nóng chảy riêng của nước đá là 334 kJ/kg, "
        "nhiệt dung riêng của nước là 4,2 kJ/(kg.K).",
        [
            ("Nhiệt lượng cần để nước đá tan hết là 33,4 kJ.", True),
            ("Nếu hạ xuống 0 °C, lượng nước nóng toả ra nhiệt lượng 67,2 kJ.", True),
            ("Khi cân bằng nhiệt, trong bình vẫn còn nước đá.", False),
            ("Nhiệt độ khi cân bằng khoảng 16 °C.", True),
        ],
        r"Vì \( 67{,}2 > 33{,}4 \) nên đá tan hết; \( 67{,}2 - 33{,}4 = 0{,}5 \cdot 4{,}2 \cdot t \) cho \( t \approx 16{,}1\,^\circ\mathrm{C} \).",
        recipe=Recipe("ice_facts", {}),
        high=True,
    )


def _short(author: Author) -> None:
    author.short(
        "know",
        "Nhiệt độ của một vật là 37 °C. Trong thang Kelvin, nhiệt độ này bằng bao nhiêu kelvin (lấy T = t + 273)?",
        "310",
        r"\( T = 37 + 273 = 310 \) K.",
        recipe=Recipe("kelvin", {"celsius": 37}),
    )
    author.short(
        "know",
        "Nhiệt độ của không khí trong phòng giảm từ 32 °C xuống 25 °C. Độ giảm nhiệt độ trong thang Kelvin là bao nhiêu kelvin?",
        "7",
        "Độ chia của hai thang nhiệt độ bằng nhau nên độ giảm là 7 K.",
    )
    author.short(
        "understand",
        "Cung cấp nhiệt lượng 9,2 kJ cho một thỏi nhôm khối lượng 0,5 kg thì nhiệt độ của nó tăng thêm 20 °C. "
        "Nhiệt dung riêng của nhôm trong thí nghiệm này bằng bao nhiêu J/(kg.K)?",
        "920",
        r"\( c = \frac{Q}{m\Delta t} = \frac{9200}{0{,}5 \cdot 20} = 920 \) J/(kg.K).",
        recipe=Recipe("specific_heat", {"heat": 9200, "mass": 0.5, "rise": 20}),
    )
    author.short(
        "understand",
        "Một khối khí nhận nhiệt lượng 500 J và thực hiện công 180 J. Nội năng của khối khí tăng bao nhiêu jun?",
        "320",
        r"\( \Delta U = 500 - 180 = 320 \) J.",
        recipe=Recipe("first_law_short", {"work": -180, "heat": 500}),
    )


def _short_applied(author: Author) -> None:
    author.short(
        "understand",
        "Nhiệt nóng chảy riêng của chì là 25 kJ/kg. Để làm nóng chảy hoàn toàn 3,2 kg chì ở nhiệt độ nóng chảy cần nhiệt lượng bao nhiêu kilôjun?",
        "80",
        r"\( Q = \lambda m = 25 \cdot 3{,}2 = 80 \) kJ.",
        recipe=Recipe("product", {"factors": [25, 3.2]}),
    )
    author.short(
        "apply",
        "Thả một quả cầu kim loại khối lượng 0,5 kg ở 100 °C vào 0,4 kg nước ở 20 °C, nhiệt độ cân bằng là 30 °C. Nhiệt dung riêng của nước là 4200 J/(kg.K), "
        "bỏ qua sự trao đổi nhiệt với bình và môi trường. Nhiệt dung riêng của kim loại bằng bao nhiêu J/(kg.K)?",
        "480",
        r"\( 0{,}5 \cdot c \cdot 70 = 0{,}4 \cdot 4200 \cdot 10 \) suy ra \( c = 480 \) J/(kg.K).",
        recipe=Recipe("unknown_metal", {}),
    )
    author.short(
        "apply",
        "Một bình nước nóng năng lượng mặt trời nhận công suất bức xạ 2,8 kW với hiệu suất 60 %. Trong 1 giờ, bình làm nóng 72 kg nước thêm bao nhiêu độ C "
        "(nhiệt dung riêng của nước 4200 J/(kg.K))?",
        "20",
        r"\( \Delta t = \frac{0{,}6 \cdot 2800 \cdot 3600}{72 \cdot 4200} = 20\,^\circ\mathrm{C} \).",
        recipe=Recipe("solar", {}),
    )
    author.short(
        "apply",
        "Một viên đạn chì bay với tốc độ 250 m/s thì cắm vào tường và dừng lại. Giả sử 52 % động năng chuyển thành nhiệt làm nóng viên đạn, nhiệt dung riêng của chì là 130 J/(kg.K). "
        "Nhiệt độ của viên đạn tăng thêm bao nhiêu độ C?",
        "125",
        r"\( \Delta t = \frac{0{,}52 \cdot v^2}{2c} = \frac{0{,}52 \cdot 62\,500}{260} = 125\,^\circ\mathrm{C} \).",
        recipe=Recipe("bullet", {}),
        high=True,
    )
    author.essay(
        "apply",
        "Đề xuất một phương án thí nghiệm đơn giản để xác định nhiệt nóng chảy riêng của nước đá bằng nhiệt lượng kế. Nêu dụng cụ, các bước tiến hành, công thức tính và hai nguồn sai số.",
        [
            ("Nêu đủ dụng cụ: nhiệt lượng kế, nhiệt kế, cân, nước và nước đá", "0.25"),
            ("Trình tự hợp lí: cân nước, đo nhiệt độ đầu, thả đá đã lau khô, đo nhiệt độ cân bằng", "0.25"),
            (r"Lập phương trình cân bằng nhiệt và rút ra \( \lambda \)", "0.25"),
            ("Nêu đúng hai nguồn sai số (trao đổi nhiệt với môi trường, nước bám trên đá, …)", "0.25"),
        ],
        r"\( m_n c(t_1 - t) = m_d\lambda + m_d c t \), suy ra \( \lambda = \frac{m_n c(t_1 - t) - m_d c t}{m_d} \).",
        max_words=300,
    )
