"""Toán 12, topic 4: conditional probability, total probability and Bayes' formula."""

from __future__ import annotations

from fractions import Fraction

from lms.demo import pictures
from lms.demo.bank.latex import decimal, number
from lms.demo.bank.shapes import Author, DemoItem, Recipe, math

TOPIC = "TOAN12.4"
NOT_A = r"\overline{A}"
NOT_B = r"\overline{B}"


def items() -> list[DemoItem]:
    """All items of the topic."""
    author = Author(TOPIC)
    _definition(author)
    _rules(author)
    _tables(author)
    _trees(author)
    _bayes(author)
    _known_groups(author)
    _understood_groups(author)
    _applied_groups(author)
    _short_known(author)
    _short_practice(author)
    return author.items


def _definition(author: Author) -> None:
    """Level know: the definition with numbers."""
    for joint, given in (("0.12", "0.3"), ("0.36", "0.8")):
        ab, b = Fraction(joint), Fraction(given)
        author.choice(
            "know",
            rf"Cho hai biến cố \( A \) và \( B \) có \( P(AB) = {number(float(ab))} \) và \( P(B) = {number(float(b))} \). "
            r"Xác suất có điều kiện \( P(A \mid B) \) bằng",
            math(number(float(ab / b))),
            [math(number(round(float(value), 4))) for value in (ab * b, b - ab, 1 - b)],
            rf"\( P(A \mid B) = \frac{{P(AB)}}{{P(B)}} = {number(float(ab / b))} \).",
            recipe=Recipe("conditional", {"joint": joint, "given": given}),
        )
    author.choice(
        "know",
        r"Cho hai biến cố \( A \) và \( B \) với \( P(B) > 0 \). Công thức nào sau đây đúng?",
        math(r"P(A \mid B) = \frac{P(AB)}{P(B)}"),
        [
            math(r"P(A \mid B) = \frac{P(AB)}{P(A)}"),
            math(r"P(A \mid B) = \frac{P(B)}{P(AB)}"),
            math(r"P(A \mid B) = \frac{P(A)}{P(B)}"),
        ],
        r"Đây là định nghĩa xác suất của \( A \) với điều kiện \( B \).",
    )
    author.choice(
        "know",
        r"Nếu hai biến cố \( A \) và \( B \) độc lập, \( P(A) = 0{,}6 \) và \( P(B) = 0{,}5 \) thì \( P(A \mid B) \) bằng",
        math(number(0.6)),
        [math(number(value)) for value in (0.5, 0.3, 0.1)],
        r"Với hai biến cố độc lập, \( P(A \mid B) = P(A) = 0{,}6 \).",
    )


def _rules(author: Author) -> None:
    """Levels know and understand: product rule, complement and total probability."""
    author.choice(
        "know",
        rf"Cho \( P(A \mid B) = 0{{,}}35 \). Xác suất \( P({NOT_A} \mid B) \) bằng",
        math(number(0.65)),
        [math(number(value)) for value in (0.35, 0.7, 0.5)],
        rf"\( P({NOT_A} \mid B) = 1 - P(A \mid B) = 0{{,}}65 \).",
        recipe=Recipe("complement", {"value": "0.35"}),
    )
    author.choice(
        "know",
        r"Cho \( P(B) = 0{,}4 \) và \( P(A \mid B) = 0{,}5 \). Xác suất \( P(AB) \) bằng",
        math(number(0.2)),
        [math(number(value)) for value in (0.9, 0.8, 0.1)],
        r"\( P(AB) = P(B) \cdot P(A \mid B) = 0{,}4 \cdot 0{,}5 = 0{,}2 \).",
        recipe=Recipe("product", {"first": "0.4", "then": "0.5"}),
    )
    for first, then, otherwise in (("0.6", "0.7", "0.2"), ("0.25", "0.4", "0.8")):
        p, q, r = Fraction(first), Fraction(then), Fraction(otherwise)
        right = p * q + (1 - p) * r
        author.choice(
            "understand",
            rf"Cho \( P(B) = {number(float(p))} \), \( P(A \mid B) = {number(float(q))} \) và "
            rf"\( P(A \mid {NOT_B}) = {number(float(r))} \). Xác suất \( P(A) \) bằng",
            math(number(float(right))),
            [math(number(round(float(v), 4))) for v in (p * q, p * r + (1 - p) * q, (q + r) / 2)],
            r"Theo công thức xác suất toàn phần: "
            rf"\( P(A) = P(B)P(A \mid B) + P({NOT_B})P(A \mid {NOT_B}) = {number(float(right))} \).",
            recipe=Recipe("total", {"first": first, "then": then, "otherwise": otherwise}),
        )


def _tables(author: Author) -> None:
    """Level understand: counting within a condition."""
    author.choice(
        "understand",
        "Khảo sát 200 học sinh khối 12 về việc tham gia câu lạc bộ (CLB) thể thao, kết quả cho trong bảng. Chọn ngẫu nhiên một học sinh. "
        "Biết học sinh đó là nữ, xác suất để học sinh đó tham gia CLB thể thao bằng"
        "<table><tbody><tr><th></th><th>Tham gia</th><th>Không tham gia</th></tr>"
        "<tr><th>Nam</th><td>54</td><td>36</td></tr><tr><th>Nữ</th><td>44</td><td>66</td></tr></tbody></table>",
        math(number(0.4)),
        [math(number(value)) for value in (0.22, 0.49, 0.6)],
        r"Có \( 110 \) học sinh nữ, trong đó \( 44 \) em tham gia: \( \frac{44}{110} = 0{,}4 \).",
        recipe=Recipe("ratio", {"part": 44, "whole": 110}),
    )
    author.choice(
        "understand",
        "Một hộp có 6 viên bi xanh và 4 viên bi đỏ. Lấy lần lượt hai viên, không hoàn lại. Biết viên thứ nhất màu xanh, "
        "xác suất để viên thứ hai cũng màu xanh bằng",
        math(r"\frac{5}{9}"),
        [math(r"\frac{3}{5}"), math(r"\frac{1}{3}"), math(r"\frac{4}{9}")],
        r"Sau khi lấy một viên xanh, hộp còn \( 9 \) viên, trong đó có \( 5 \) viên xanh.",
        recipe=Recipe("ratio", {"part": 5, "whole": 9}),
    )
    author.choice(
        "understand",
        "Gieo một con xúc xắc cân đối và đồng chất. Biết số chấm xuất hiện là số chẵn, xác suất để số chấm đó lớn hơn 3 bằng",
        math(r"\frac{2}{3}"),
        [math(r"\frac{1}{2}"), math(r"\frac{1}{3}"), math(r"\frac{1}{6}")],
        r"Trong ba kết quả chẵn \( \{2;\, 4;\, 6\} \) có hai kết quả lớn hơn \( 3 \).",
        recipe=Recipe("dice", {}),
    )
    author.choice(
        "understand",
        "Một lớp có 60 % học sinh thích môn Toán, 45 % thích môn Tin học và 30 % thích cả hai môn. Chọn ngẫu nhiên một học sinh thích "
        "môn Toán, xác suất để em đó cũng thích môn Tin học bằng",
        math(number(0.5)),
        [math(number(value)) for value in (0.3, 0.45, 0.75)],
        r"\( \frac{0{,}3}{0{,}6} = 0{,}5 \).",
        recipe=Recipe("conditional", {"joint": "0.3", "given": "0.6"}),
    )


def _trees(author: Author) -> None:
    """Reading a probability tree (understand) and two-step practice (apply)."""
    tree = pictures.probability_tree(0.3, 0.8, 0.25)
    author.choice(
        "apply",
        r"Cho sơ đồ hình cây biểu diễn xác suất của các biến cố \( A \), \( B \) như hình vẽ. Giá trị của \( P(A \mid B) \), "
        "làm tròn đến hàng phần trăm, là",
        math(number(0.58)),
        [math(number(value)) for value in (0.24, 0.42, 0.8)],
        r"\( P(B) = 0{,}3 \cdot 0{,}8 + 0{,}7 \cdot 0{,}25 = 0{,}415 \); \( P(A \mid B) = \frac{0{,}24}{0{,}415} \approx 0{,}58 \).",
        picture=(
            tree,
            "Sơ đồ cây: A có xác suất 0,3 rồi B có xác suất 0,8; đối của A có xác suất 0,7 rồi B có xác suất 0,25",
        ),
        recipe=Recipe("bayes", {"first": "0.3", "then": "0.8", "otherwise": "0.25", "digits": 2}),
    )
    author.choice(
        "apply",
        "Một nhà máy có hai dây chuyền: dây chuyền I làm ra 70 % sản phẩm với tỉ lệ lỗi 2 %, dây chuyền II làm ra 30 % sản phẩm với "
        "tỉ lệ lỗi 4 %. Chọn ngẫu nhiên một sản phẩm của nhà máy, xác suất để sản phẩm đó bị lỗi bằng",
        math(number(0.026)),
        [math(number(value)) for value in (0.03, 0.06, 0.034)],
        r"\( 0{,}7 \cdot 0{,}02 + 0{,}3 \cdot 0{,}04 = 0{,}026 \).",
        recipe=Recipe("total", {"first": "0.7", "then": "0.02", "otherwise": "0.04"}),
    )


def _bayes(author: Author) -> None:
    """Level apply: Bayes' formula in practice."""
    author.choice(
        "apply",
        "Một bộ lọc thư điện tử nhận diện đúng 95 % thư rác và nhận nhầm 5 % thư thường là thư rác. Biết 40 % số thư gửi đến là thư rác. "
        "Một thư bị bộ lọc xếp vào thư rác, xác suất để đó thực sự là thư rác (làm tròn đến hàng phần trăm) bằng",
        math(number(0.93)),
        [math(number(value)) for value in (0.95, 0.38, 0.41)],
        r"\( \frac{0{,}4 \cdot 0{,}95}{0{,}4 \cdot 0{,}95 + 0{,}6 \cdot 0{,}05} = \frac{0{,}38}{0{,}41} \approx 0{,}93 \).",
        recipe=Recipe("bayes", {"first": "0.4", "then": "0.95", "otherwise": "0.05", "digits": 2}),
    )
    author.choice(
        "apply",
        "Tỉ lệ người mắc một bệnh trong dân số là 1 %. Xét nghiệm cho kết quả dương tính với 99 % người mắc bệnh và 2 % người không mắc "
        "bệnh. Một người có kết quả dương tính, xác suất để người đó thực sự mắc bệnh bằng",
        math(r"\frac{1}{3}"),
        [math(r"\frac{99}{100}"), math(r"\frac{2}{3}"), math(r"\frac{1}{2}")],
        r"\( \frac{0{,}01 \cdot 0{,}99}{0{,}01 \cdot 0{,}99 + 0{,}99 \cdot 0{,}02} = \frac{1}{3} \): bệnh hiếm nên phần lớn ca dương tính là giả.",
        recipe=Recipe("bayes", {"first": "0.01", "then": "0.99", "otherwise": "0.02", "digits": None}),
        high=True,
    )
    author.choice(
        "apply",
        "Hộp I có 3 bi trắng, 2 bi đen; hộp II có 1 bi trắng, 4 bi đen. Chọn ngẫu nhiên một hộp rồi lấy ngẫu nhiên một bi từ hộp đó. "
        "Biết bi lấy ra màu trắng, xác suất để bi đó thuộc hộp I bằng",
        math(r"\frac{3}{4}"),
        [math(r"\frac{3}{5}"), math(r"\frac{2}{5}"), math(r"\frac{1}{2}")],
        r"\( \frac{\frac{1}{2} \cdot \frac{3}{5}}{\frac{1}{2} \cdot \frac{3}{5} + \frac{1}{2} \cdot \frac{1}{5}} = \frac{3}{4} \).",
        recipe=Recipe("bayes", {"first": "1/2", "then": "3/5", "otherwise": "1/5", "digits": None}),
    )


def _known_groups(author: Author) -> None:
    author.group(
        "know",
        r"Cho hai biến cố \( A \), \( B \) có \( P(A) = 0{,}5 \), \( P(B) = 0{,}4 \) và \( P(AB) = 0{,}2 \).",
        [
            (r"\( P(A \mid B) = 0{,}5 \).", True),
            (r"\( P(B \mid A) = 0{,}5 \).", False),
            (r"Hai biến cố \( A \) và \( B \) độc lập.", True),
            (r"\( P(A \cup B) = 0{,}9 \).", False),
        ],
        r"\( P(A)P(B) = 0{,}2 = P(AB) \) nên \( A \), \( B \) độc lập; \( P(B \mid A) = 0{,}4 \); \( P(A \cup B) = 0{,}7 \).",
        recipe=Recipe("two_event_facts", {"a": "0.5", "b": "0.4", "ab": "0.2"}),
    )
    tree = pictures.probability_tree(0.6, 0.5, 0.1)
    author.group(
        "know",
        r"Sơ đồ hình cây bên dưới biểu diễn xác suất của hai biến cố \( A \) và \( B \).",
        [
            (r"\( P(A) = 0{,}6 \).", True),
            (r"\( P(B \mid A) = 0{,}1 \).", False),
            (rf"\( P({NOT_B} \mid {NOT_A}) = 0{{,}}9 \).", True),
            (r"\( P(AB) = 0{,}3 \).", True),
        ],
        r"Số ghi trên nhánh thứ hai là xác suất có điều kiện, nên \( P(B \mid A) = 0{,}5 \) và \( P(AB) = 0{,}6 \cdot 0{,}5 = 0{,}3 \).",
        picture=(
            tree,
            "Sơ đồ cây: A có xác suất 0,6 rồi B có xác suất 0,5; đối của A có xác suất 0,4 rồi B có xác suất 0,1",
        ),
        recipe=Recipe("tree_facts", {}),
    )


def _understood_groups(author: Author) -> None:
    author.group(
        "understand",
        "Một hộp có 7 thẻ màu vàng và 3 thẻ màu tím. Bạn Hà lấy ngẫu nhiên một thẻ (không trả lại), sau đó bạn Nam lấy ngẫu nhiên một thẻ.",
        [
            (r"Xác suất để Hà lấy được thẻ vàng là \( 0{,}7 \).", True),
            (r"Nếu Hà lấy được thẻ tím, xác suất để Nam lấy được thẻ tím là \( \frac{1}{3} \).", False),
            (r"Xác suất để cả hai bạn cùng lấy được thẻ vàng là \( \frac{7}{15} \).", True),
            (r"Xác suất để Nam lấy được thẻ vàng là \( 0{,}7 \).", True),
        ],
        r"\( P = \frac{2}{9} \) nếu Hà đã lấy thẻ tím; \( \frac{7}{10} \cdot \frac{6}{9} = \frac{7}{15} \); theo xác suất toàn phần Nam lấy được thẻ vàng với xác suất \( 0{,}7 \).",
        recipe=Recipe("card_facts", {}),
    )
    author.group(
        "understand",
        "Trong 80 nhân viên của một công ty có 50 người biết tiếng Anh, 24 người biết tiếng Nhật và 16 người biết cả hai thứ tiếng. "
        "Chọn ngẫu nhiên một nhân viên.",
        [
            (r"Xác suất để người đó biết tiếng Nhật là \( 0{,}3 \).", True),
            (r"Nếu người đó biết tiếng Anh, xác suất để người đó biết tiếng Nhật là \( 0{,}32 \).", True),
            (r"Nếu người đó biết tiếng Nhật, xác suất để người đó biết tiếng Anh là \( 0{,}32 \).", False),
            ("Hai biến cố “biết tiếng Anh” và “biết tiếng Nhật” độc lập với nhau.", False),
        ],
        r"\( \frac{16}{50} = 0{,}32 \), \( \frac{16}{24} = \frac{2}{3} \); vì \( 0{,}32 \ne 0{,}3 \) nên hai biến cố không độc lập.",
        recipe=Recipe("language_facts", {}),
    )


def _applied_groups(author: Author) -> None:
    author.group(
        "apply",
        "Một trường có 45 % học sinh đi học bằng xe buýt, số còn lại đi bằng phương tiện khác. Vào ngày mưa, xác suất đi học muộn của học "
        "sinh đi xe buýt là 0,2, của học sinh đi phương tiện khác là 0,1. Chọn ngẫu nhiên một học sinh vào một ngày mưa.",
        [
            ("Xác suất để học sinh đó không đi xe buýt là 0,55.", True),
            ("Xác suất để học sinh đó đi xe buýt và đi học muộn là 0,2.", False),
            ("Xác suất để học sinh đó đi học muộn là 0,145.", True),
            ("Biết học sinh đó đi học muộn, xác suất em đó đi xe buýt lớn hơn 0,6.", True),
        ],
        r"\( 0{,}45 \cdot 0{,}2 = 0{,}09 \); \( 0{,}09 + 0{,}055 = 0{,}145 \); \( \frac{0{,}09}{0{,}145} \approx 0{,}62 \).",
        recipe=Recipe("bus_facts", {}),
    )
    author.group(
        "apply",
        "Một cuộc thi có hai vòng. Xác suất thí sinh vượt qua vòng 1 là 0,5. Thí sinh đã qua vòng 1 thì vượt qua vòng 2 với xác suất 0,4; "
        "thí sinh chưa qua vòng 1 được thi vòng vớt và vào thẳng chung kết với xác suất 0,1; qua vòng 2 cũng được vào chung kết.",
        [
            ("Xác suất để một thí sinh vượt qua cả vòng 1 và vòng 2 là 0,2.", True),
            ("Xác suất để một thí sinh vào chung kết là 0,5.", False),
            ("Biết một thí sinh vào chung kết, xác suất thí sinh đó đã qua vòng 1 là 0,8.", True),
            ("Trong số thí sinh không vào chung kết, phần lớn đã vượt qua vòng 1.", False),
        ],
        r"\( P(\text{CK}) = 0{,}5 \cdot 0{,}4 + 0{,}5 \cdot 0{,}1 = 0{,}25 \); \( \frac{0{,}2}{0{,}25} = 0{,}8 \); không vào chung kết: \( 0{,}3 \) đã qua vòng 1 so với \( 0{,}45 \) chưa qua.",
        recipe=Recipe("contest_facts", {}),
        high=True,
    )


def _short_known(author: Author) -> None:
    author.short(
        "know",
        r"Cho hai biến cố \( A \), \( B \) có \( P(AB) = 0{,}18 \) và \( P(A) = 0{,}72 \). Tính \( P(B \mid A) \).",
        "0,25",
        r"\( P(B \mid A) = \frac{0{,}18}{0{,}72} = 0{,}25 \).",
        recipe=Recipe("conditional", {"joint": "0.18", "given": "0.72"}),
    )
    author.short(
        "know",
        rf"Cho \( P(B) = 0{{,}}8 \) và \( P({NOT_A} \mid B) = 0{{,}}3 \). Tính \( P(AB) \).",
        "0,56",
        r"\( P(A \mid B) = 0{,}7 \), nên \( P(AB) = 0{,}8 \cdot 0{,}7 = 0{,}56 \).",
        recipe=Recipe("product", {"first": "0.8", "then": "0.7"}),
    )
    for first, then, otherwise in (("0.3", "0.6", "0.1"), ("0.8", "0.4", "0.9")):
        p, q, r = Fraction(first), Fraction(then), Fraction(otherwise)
        whole = "vào sân từ đầu" if first == "0.8" else "trời nắng"
        story = (
            rf"Một cầu thủ được đá chính trong \( {float(p):.0%} \) số trận. Khi đá chính, xác suất đội thắng là \( {number(float(q))} \); "
            if whole == "vào sân từ đầu"
            else rf"Ở một vùng biển, \( {float(p):.0%} \) số ngày trong tháng có gió mùa. Ngày có gió mùa, xác suất biển động là \( {number(float(q))} \); "
        ).replace("%", r"\%")
        end = (
            rf"khi không đá chính, xác suất đội thắng là \( {number(float(r))} \). Tính xác suất để đội thắng trong một trận bất kì."
            if whole == "vào sân từ đầu"
            else rf"ngày không có gió mùa, xác suất đó là \( {number(float(r))} \). Tính xác suất để một ngày bất kì trong tháng biển động."
        )
        author.short(
            "understand",
            story + end,
            decimal(float(p * q + (1 - p) * r)),
            rf"Theo công thức xác suất toàn phần: \( {number(float(p))} \cdot {number(float(q))} + "
            rf"{number(float(1 - p))} \cdot {number(float(r))} = {number(float(p * q + (1 - p) * r))} \).",
            recipe=Recipe("total", {"first": first, "then": then, "otherwise": otherwise}),
        )
    author.short(
        "understand",
        "Gieo đồng thời hai con xúc xắc cân đối. Biết tổng số chấm bằng 8, tính xác suất để có ít nhất một con xuất hiện mặt 5 chấm.",
        "0,4",
        r"Có \( 5 \) kết quả tổng bằng \( 8 \), trong đó \( (3;\, 5) \) và \( (5;\, 3) \) có mặt 5 chấm: \( \frac{2}{5} = 0{,}4 \).",
        recipe=Recipe("two_dice", {"sum": 8, "face": 5}),
    )


def _short_practice(author: Author) -> None:
    author.short(
        "apply",
        "Một cửa hàng nhập 60 % trứng từ trại I và 40 % từ trại II. Tỉ lệ trứng vỡ của trại I là 1 %, của trại II là 3 %. "
        "Lấy ngẫu nhiên một quả trứng thì thấy bị vỡ. Tính xác suất để quả trứng đó của trại I (làm tròn đến hàng phần trăm).",
        "0,33",
        r"\( \frac{0{,}006}{0{,}006 + 0{,}012} = \frac{1}{3} \approx 0{,}33 \).",
        recipe=Recipe("bayes", {"first": "0.6", "then": "0.01", "otherwise": "0.03", "digits": 2}),
    )
    author.short(
        "apply",
        "Một học sinh làm câu hỏi có 4 phương án, trong đó chỉ một phương án đúng. Xác suất em biết câu trả lời đúng là 0,6; nếu không biết, "
        "em chọn ngẫu nhiên một phương án. Biết em trả lời đúng, tính xác suất em thực sự biết câu trả lời (làm tròn đến hàng phần trăm).",
        "0,86",
        r"\( \frac{0{,}6}{0{,}6 + 0{,}4 \cdot 0{,}25} = \frac{0{,}6}{0{,}7} \approx 0{,}86 \).",
        recipe=Recipe("bayes", {"first": "0.6", "then": "1", "otherwise": "0.25", "digits": 2}),
    )
    author.short(
        "apply",
        "Hộp thứ nhất có 5 bút xanh và 3 bút đỏ, hộp thứ hai có 4 bút xanh và 5 bút đỏ. Lấy ngẫu nhiên một bút từ hộp thứ nhất bỏ sang hộp thứ hai, "
        "rồi lấy ngẫu nhiên một bút từ hộp thứ hai. Tính xác suất để bút lấy ra sau cùng màu xanh (làm tròn đến hàng phần trăm).",
        "0,46",
        r"\( \frac{5}{8} \cdot \frac{5}{10} + \frac{3}{8} \cdot \frac{4}{10} = 0{,}4625 \approx 0{,}46 \).",
        recipe=Recipe("total", {"first": "5/8", "then": "1/2", "otherwise": "2/5", "digits": 2}),
        high=True,
    )
