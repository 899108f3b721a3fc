"""Vật lí 12, topic 3: the magnetic field, induction and alternating current."""

from __future__ import annotations

from lms.demo import pictures
from lms.demo.bank.latex import decimal, number
from lms.demo.bank.shapes import Author, DemoItem, Recipe

TOPIC = "LI12.3"


def items() -> list[DemoItem]:
    """All items of the topic."""
    author = Author(TOPIC)
    _fields(author)
    _induction_words(author)
    _directions(author)
    _waves(author)
    _forces(author)
    _fluxes(author)
    _alternating(author)
    _groups(author)
    _applied_groups(author)
    _short(author)
    _short_applied(author)
    return author.items


def _fields(author: Author) -> None:
    author.choice(
        "know",
        "Từ trường tồn tại xung quanh",
        "nam châm và dòng điện",
        ["mọi vật mang điện đứng yên", "mọi vật có khối lượng", "mọi vật dẫn không có dòng điện"],
        "Nguồn của từ trường là nam châm, dòng điện (điện tích chuyển động).",
    )
    author.choice(
        "know",
        "Đường sức từ của dòng điện chạy trong dây dẫn thẳng dài có dạng",
        "các đường tròn đồng tâm nằm trong mặt phẳng vuông góc với dây",
        [
            "các đường thẳng song song với dây dẫn và cách đều nhau",
            "các đường thẳng vuông góc với dây và xuất phát từ dây",
            "các đường tròn đồng tâm nằm trong mặt phẳng chứa dây",
        ],
        "Chiều của các đường tròn đó xác định bằng quy tắc nắm tay phải.",
    )
    author.choice(
        "know",
        "Đơn vị của cảm ứng từ trong hệ SI là",
        "tesla (T)",
        ["weber (Wb)", "henry (H)", "ampe (A)"],
        "Cảm ứng từ có đơn vị tesla; weber là đơn vị của từ thông.",
    )


def _induction_words(author: Author) -> None:
    author.choice(
        "know",
        r"Từ thông qua một khung dây phẳng diện tích \( S \) đặt trong từ trường đều \( B \), với \( \alpha \) là góc giữa cảm ứng từ và vectơ pháp tuyến của khung, được tính bằng",
        r"\( \Phi = BS\cos\alpha \)",
        [r"\( \Phi = BS\sin\alpha \)", r"\( \Phi = \frac{B}{S}\cos\alpha \)", r"\( \Phi = BS\tan\alpha \)"],
        r"Theo định nghĩa từ thông, \( \alpha \) là góc giữa \( \overrightarrow{B} \) và pháp tuyến.",
    )
    author.choice(
        "know",
        "Dòng điện cảm ứng xuất hiện trong một mạch kín khi",
        "từ thông qua mạch kín biến thiên",
        [
            "mạch kín đặt trong từ trường đều",
            "từ thông qua mạch kín rất lớn",
            "mạch kín đứng yên gần nam châm",
        ],
        "Hiện tượng cảm ứng điện từ chỉ xảy ra trong thời gian từ thông qua mạch biến thiên.",
    )
    author.choice(
        "know",
        "Trong chân không, sóng điện từ",
        "là sóng ngang và truyền với tốc độ ánh sáng",
        [
            "là sóng dọc và truyền với tốc độ ánh sáng",
            "là sóng ngang và truyền với tốc độ âm thanh",
            "không truyền được vì cần có môi trường",
        ],
        r"Sóng điện từ là sóng ngang, truyền trong chân không với tốc độ \( c = 3 \cdot 10^8 \) m/s.",
    )


def _directions(author: Author) -> None:
    wire = pictures.wire_in_field(into_page=True, current_up=True)
    author.choice(
        "understand",
        "Một đoạn dây dẫn thẳng đứng có dòng điện chạy lên trên, đặt trong từ trường đều có cảm ứng từ vuông góc với mặt phẳng hình vẽ, hướng vào trong (kí hiệu ×). "
        "Lực từ tác dụng lên đoạn dây có hướng",
        "sang trái",
        ["sang phải", "lên trên", "xuống dưới"],
        "Áp dụng quy tắc bàn tay trái: cảm ứng từ xuyên vào lòng bàn tay, bốn ngón tay theo chiều dòng điện, ngón cái choãi ra chỉ sang trái.",
        picture=(
            wire,
            "Dây dẫn thẳng đứng, dòng điện I hướng lên, từ trường B hướng vào trong mặt phẳng hình vẽ",
        ),
        recipe=Recipe("force_direction", {"current": [0, 1, 0], "field": [0, 0, -1]}),
    )
    outwards = pictures.wire_in_field(into_page=False, current_up=False)
    author.choice(
        "understand",
        "Dòng điện trong đoạn dây ở hình vẽ chạy xuống dưới, cảm ứng từ hướng ra ngoài mặt phẳng hình vẽ (kí hiệu chấm tròn). Lực từ tác dụng lên đoạn dây có hướng",
        "sang trái",
        ["sang phải", "lên trên", "xuống dưới"],
        "Quy tắc bàn tay trái cho lực hướng sang trái; đảo đồng thời chiều dòng điện và cảm ứng từ thì chiều lực không đổi.",
        picture=(
            outwards,
            "Dây dẫn thẳng đứng, dòng điện I hướng xuống, từ trường B hướng ra ngoài mặt phẳng hình vẽ",
        ),
        recipe=Recipe("force_direction", {"current": [0, -1, 0], "field": [0, 0, 1]}),
    )
    coil = pictures.coil_and_magnet(towards=True)
    author.choice(
        "understand",
        "Đưa cực bắc (N) của nam châm lại gần ống dây nối với điện kế như hình vẽ. Dòng điện cảm ứng làm cho đầu ống dây gần nam châm trở thành",
        "cực bắc, đẩy nam châm ra xa",
        ["cực nam, hút nam châm lại gần", "cực bắc, hút nam châm lại gần", "cực nam, đẩy nam châm ra xa"],
        "Theo định luật Lenz, từ trường cảm ứng chống lại sự tăng từ thông nên đầu ống dây đẩy cực bắc đang lại gần.",
        picture=(
            coil,
            "Nam châm thẳng, cực N hướng về ống dây nối với điện kế G, chuyển động lại gần ống dây",
        ),
    )


def _waves(author: Author) -> None:
    author.choice(
        "understand",
        "Một máy biến áp lí tưởng có số vòng dây cuộn sơ cấp nhiều hơn cuộn thứ cấp. Máy biến áp này",
        "hạ điện áp và không làm thay đổi tần số",
        [
            "tăng điện áp và không làm thay đổi tần số",
            "hạ điện áp và làm giảm tần số dòng điện",
            "tăng điện áp và làm tăng tần số dòng điện",
        ],
        r"\( \frac{U_2}{U_1} = \frac{N_2}{N_1} < 1 \); tần số ở hai cuộn bằng nhau.",
    )
    author.choice(
        "understand",
        "Một sóng điện từ có tần số 100 MHz truyền trong chân không với tốc độ 300 000 km/s. Bước sóng của sóng này là",
        "3 m",
        ["0,3 m", "30 m", "300 m"],
        r"\( \lambda = \frac{c}{f} = \frac{3 \cdot 10^8}{10^8} = 3 \) m.",
        recipe=Recipe("wavelength", {"frequency": 1e8}),
    )
    wave = pictures.sine_wave(310, 0.02, "t (s)", "u (V)")
    author.choice(
        "understand",
        "Đồ thị biểu diễn điện áp xoay chiều giữa hai đầu một ổ cắm theo thời gian. Tần số của điện áp này là",
        "50 Hz",
        ["100 Hz", "20 Hz", "0,02 Hz"],
        r"Chu kì đọc từ đồ thị là 0,02 s nên \( f = \frac{1}{0{,}02} = 50 \) Hz.",
        picture=(wave, "Đồ thị hình sin của điện áp u theo t, biên độ 310 V, chu kì 0,02 s"),
        recipe=Recipe("frequency", {"period": 0.02}),
    )


def _forces(author: Author) -> None:
    for field, current, length, angle in ((0.5, 4, 0.2, 90), (0.04, 10, 0.5, 30)):
        factor = 1.0 if angle == 90 else 0.5
        right = field * current * length * factor
        author.choice(
            "apply",
            f"Đoạn dây dẫn dài {decimal(length * 100)} cm có dòng điện {current} A chạy qua, đặt trong từ trường đều {decimal(field)} T, "
            f"{'vuông góc với' if angle == 90 else 'hợp góc 30° với'} cảm ứng từ. Lực từ tác dụng lên đoạn dây có độ lớn",
            f"{decimal(right)} N",
            [f"{decimal(value)} N" for value in (right * 2, right * 10, right / 2)],
            rf"\( F = BIL\sin\alpha = {number(field)} \cdot {current} \cdot {number(length)} \cdot {number(factor)} = {number(right)} \) N.",
            recipe=Recipe("wire_force", {"field": field, "current": current, "length": length, "angle": angle}),
        )


def _fluxes(author: Author) -> None:
    author.choice(
        "apply",
        r"Từ thông qua một vòng dây giảm đều từ 0,6 Wb xuống 0,2 Wb trong 0,05 s. Suất điện động cảm ứng trong vòng dây có độ lớn",
        "8 V",
        ["12 V", "4 V", "0,02 V"],
        r"\( |e| = \frac{|\Delta\Phi|}{\Delta t} = \frac{0{,}4}{0{,}05} = 8 \) V.",
        recipe=Recipe("emf", {"turns": 1, "change": 0.4, "time": 0.05}),
    )
    author.choice(
        "apply",
        "Một khung dây gồm 200 vòng, mỗi vòng có diện tích 50 cm², đặt vuông góc với từ trường đều. Cảm ứng từ tăng đều từ 0 đến 0,4 T trong 0,1 s. "
        "Suất điện động cảm ứng trong khung có độ lớn",
        "4 V",
        ["0,02 V", "40 V", "0,4 V"],
        r"\( |e| = N\frac{\Delta B \cdot S}{\Delta t} = 200 \cdot \frac{0{,}4 \cdot 50 \cdot 10^{-4}}{0{,}1} = 4 \) V.",
        recipe=Recipe("emf", {"turns": 200, "change": 0.4 * 50e-4, "time": 0.1}),
    )


def _alternating(author: Author) -> None:
    author.choice(
        "apply",
        "Máy biến áp lí tưởng có cuộn sơ cấp 1100 vòng nối với mạng điện 220 V. Để lấy ra điện áp 12 V dùng cho đèn LED, số vòng cuộn thứ cấp là",
        "60 vòng",
        ["20 vòng", "120 vòng", "92 vòng"],
        r"\( N_2 = N_1\frac{U_2}{U_1} = 1100 \cdot \frac{12}{220} = 60 \) vòng.",
        recipe=Recipe("transformer", {"turns": 1100, "from": 220, "to": 12}),
    )
    author.choice(
        "apply",
        "Truyền tải một công suất điện không đổi trên một đường dây. Nếu tăng điện áp ở đầu đường dây lên 10 lần (hệ số công suất bằng 1) thì công suất hao phí do toả nhiệt trên dây",
        "giảm 100 lần",
        ["giảm 10 lần", "tăng 10 lần", "tăng 100 lần"],
        r"\( \Delta P = R\frac{P^2}{U^2} \): điện áp tăng 10 lần thì hao phí giảm \( 10^2 \) lần.",
        high=True,
    )


def _groups(author: Author) -> None:
    author.group(
        "know",
        "Xét từ trường và đường sức từ.",
        [
            ("Từ trường tác dụng lực từ lên nam châm và dòng điện đặt trong nó.", True),
            ("Các đường sức từ của một nam châm thẳng đi ra từ cực nam và đi vào cực bắc.", False),
            ("Nơi nào đường sức từ càng dày thì từ trường càng mạnh.", True),
            ("Tại một điểm có thể có hai đường sức từ cắt nhau.", False),
        ],
        "Ở bên ngoài nam châm, đường sức từ đi ra từ cực bắc, vào cực nam; qua mỗi điểm chỉ có một đường sức từ.",
    )
    away = pictures.coil_and_magnet(towards=False)
    author.group(
        "understand",
        "Một nam châm thẳng có cực N hướng về ống dây, đang được kéo ra xa ống dây như hình vẽ. Ống dây nối với điện kế thành mạch kín.",
        [
            ("Từ thông qua ống dây đang giảm.", True),
            ("Đầu ống dây gần nam châm trở thành cực nam.", True),
            ("Lực từ do ống dây tác dụng lên nam châm là lực đẩy.", False),
            ("Kéo nam châm càng nhanh thì kim điện kế lệch càng nhiều.", True),
        ],
        "Theo định luật Lenz, ống dây chống lại sự giảm từ thông nên hút nam châm lại; suất điện động tỉ lệ với tốc độ biến thiên từ thông.",
        picture=(
            away,
            "Nam châm thẳng có cực N hướng về ống dây nối với điện kế G, chuyển động ra xa ống dây",
        ),
    )
    author.group(
        "understand",
        r"Một khung dây phẳng diện tích 200 cm² quay đều với tốc độ 25 vòng/giây trong từ trường đều 0,5 T, trục quay vuông góc với cảm ứng từ. Khung có 100 vòng dây.",
        [
            (r"Từ thông cực đại qua mỗi vòng dây là 0,01 Wb.", True),
            (r"Tần số góc của suất điện động là \( 50\pi \) rad/s.", True),
            (r"Suất điện động cực đại trong khung bằng \( 25\pi \) V.", False),
            ("Suất điện động bằng 0 khi từ thông qua khung có độ lớn cực đại.", True),
        ],
        r"\( \Phi_0 = BS = 0{,}01 \) Wb; \( \omega = 2\pi \cdot 25 = 50\pi \) rad/s; \( E_0 = NBS\omega = 50\pi \) V.",
        recipe=Recipe("generator_facts", {}),
    )


def _applied_groups(author: Author) -> None:
    author.group(
        "apply",
        "Để đo cảm ứng từ của một nam châm chữ U, học sinh đặt nam châm lên cân điện tử rồi cho dòng điện chạy qua đoạn dây nằm ngang dài 5 cm giữa hai cực, vuông góc với cảm ứng từ. "
        "Khi dòng điện là 2 A, số chỉ của cân tăng thêm 1,2 g. Lấy g = 9,8 m/s².",
        [
            ("Lực do dòng điện tác dụng lên nam châm hướng xuống dưới.", True),
            ("Độ lớn của lực từ xấp xỉ 11,8 mN.", True),
            ("Cảm ứng từ đo được xấp xỉ 0,24 T.", False),
            ("Nếu đổi chiều dòng điện, số chỉ của cân nhỏ hơn lúc chưa có dòng điện.", True),
        ],
        r"\( F = \Delta m g = 1{,}2 \cdot 10^{-3} \cdot 9{,}8 \approx 11{,}8 \) mN; \( B = \frac{F}{IL} \approx \frac{0{,}0118}{2 \cdot 0{,}05} \approx 0{,}12 \) T.",
        recipe=Recipe("balance_facts", {}),
    )
    author.group(
        "apply",
        r"Điện áp giữa hai đầu một điện trở 44 Ω là \( u = 220\sqrt{2}\cos(100\pi t) \) (V), \( t \) tính bằng giây.",
        [
            ("Điện áp hiệu dụng bằng 220 V.", True),
            ("Trong mỗi giây, dòng điện đổi chiều 50 lần.", False),
            ("Cường độ dòng điện hiệu dụng qua điện trở là 5 A.", True),
            ("Nhiệt lượng toả ra trên điện trở trong 10 phút là 660 kJ.", True),
        ],
        r"\( f = 50 \) Hz nên dòng điện đổi chiều 100 lần mỗi giây; \( I = \frac{220}{44} = 5 \) A; \( Q = RI^2t = 44 \cdot 25 \cdot 600 = 660 \) kJ.",
        recipe=Recipe("resistor_facts", {}),
        high=True,
    )


def _short(author: Author) -> None:
    author.short(
        "know",
        "Từ thông qua một khung dây diện tích 0,2 m² đặt vuông góc với cảm ứng từ của từ trường đều 0,4 T bằng bao nhiêu weber?",
        "0,08",
        r"\( \Phi = BS = 0{,}4 \cdot 0{,}2 = 0{,}08 \) Wb.",
        recipe=Recipe("product", {"factors": [0.4, 0.2]}),
    )
    author.short(
        "know",
        r"Cường độ dòng điện xoay chiều có biểu thức \( i = 3\sqrt{2}\cos(100\pi t) \) (A). Cường độ hiệu dụng của dòng điện bằng bao nhiêu ampe?",
        "3",
        r"\( I = \frac{I_0}{\sqrt{2}} = 3 \) A.",
    )
    author.short(
        "understand",
        "Một đoạn dây dài 0,4 m mang dòng điện 5 A đặt vuông góc với từ trường đều chịu lực từ 0,3 N. Cảm ứng từ bằng bao nhiêu tesla?",
        "0,15",
        r"\( B = \frac{F}{IL} = \frac{0{,}3}{5 \cdot 0{,}4} = 0{,}15 \) T.",
        recipe=Recipe("quotient", {"top": 0.3, "bottom": 2.0}),
    )
    author.short(
        "understand",
        "Một cuộn dây có 500 vòng. Từ thông qua mỗi vòng biến thiên đều một lượng 2 mWb trong 0,04 s. Suất điện động cảm ứng trong cuộn dây có độ lớn bao nhiêu vôn?",
        "25",
        r"\( |e| = 500 \cdot \frac{2 \cdot 10^{-3}}{0{,}04} = 25 \) V.",
        recipe=Recipe("emf", {"turns": 500, "change": 2e-3, "time": 0.04}),
    )


def _short_applied(author: Author) -> None:
    author.short(
        "understand",
        "Máy biến áp lí tưởng có 2000 vòng ở cuộn sơ cấp và 150 vòng ở cuộn thứ cấp, nối với mạng điện 220 V. Điện áp ở hai đầu cuộn thứ cấp để hở bằng bao nhiêu vôn?",
        "16,5",
        r"\( U_2 = 220 \cdot \frac{150}{2000} = 16{,}5 \) V.",
        recipe=Recipe("scaled", {"value": 220, "from": 2000, "to": 150}),
    )
    author.short(
        "apply",
        "Một thanh kim loại dài 0,25 m khối lượng 20 g nằm ngang, được treo bằng hai dây mảnh nhẹ, đặt trong từ trường đều nằm ngang vuông góc với thanh, cảm ứng từ 0,2 T. "
        "Dòng điện qua thanh bằng bao nhiêu ampe thì lực căng các dây treo bằng 0 (lấy g = 10 m/s²)?",
        "4",
        r"\( BIL = mg \) suy ra \( I = \frac{0{,}02 \cdot 10}{0{,}2 \cdot 0{,}25} = 4 \) A.",
        recipe=Recipe("hanging_rod", {}),
    )
    author.short(
        "apply",
        "Một trạm điện truyền đi công suất 500 kW với điện áp 10 kV trên đường dây có điện trở 8 Ω, hệ số công suất bằng 1. Công suất hao phí trên đường dây bằng bao nhiêu kilôoát?",
        "20",
        r"\( I = \frac{500}{10} = 50 \) A; \( \Delta P = 8 \cdot 50^2 = 20\,000 \) W.",
        recipe=Recipe("line_loss", {}),
    )
    author.short(
        "apply",
        "Một thanh dẫn dài 0,5 m trượt đều với tốc độ 6 m/s trên hai thanh ray song song nối với điện trở 0,3 Ω, trong từ trường đều 0,2 T vuông góc với mặt phẳng ray. "
        "Bỏ qua điện trở của ray và thanh. Lực kéo để thanh trượt đều bằng bao nhiêu niutơn?",
        "0,2",
        r"\( e = BLv = 0{,}6 \) V; \( I = 2 \) A; \( F = BIL = 0{,}2 \cdot 2 \cdot 0{,}5 = 0{,}2 \) N.",
        recipe=Recipe("rail", {}),
        high=True,
    )
