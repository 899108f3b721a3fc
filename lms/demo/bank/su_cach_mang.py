"""Lịch sử 12, topic 3: the August Revolution and the wars of liberation and defence."""

from __future__ import annotations

from lms.demo import pictures
from lms.demo.bank.shapes import Author, DemoItem

TOPIC = "SU12.3"


def items() -> list[DemoItem]:
    """All items of the topic."""
    author = Author(TOPIC)
    _known(author)
    _understood(author)
    _applied(author)
    _groups(author)
    return author.items


def _known(author: Author) -> None:
    author.choice(
        "know",
        "Điều kiện khách quan thuận lợi nào xuất hiện vào giữa tháng 8/1945 đối với cách mạng Việt Nam?",
        "Nhật Bản đầu hàng quân Đồng minh",
        [
            "Quân Pháp bị Nhật Bản đảo chính",
            "Mặt trận Việt Minh được thành lập",
            "Quân Đồng minh vào giải giáp Nhật",
        ],
        "Ngày 15/8/1945 Nhật Bản tuyên bố đầu hàng, quân Nhật ở Đông Dương rệu rã, thời cơ khởi nghĩa chín muồi.",
    )
    author.choice(
        "know",
        "Ngày 2/9/1945, Chủ tịch Hồ Chí Minh đọc Tuyên ngôn Độc lập tại",
        "Quảng trường Ba Đình (Hà Nội)",
        ["Cây đa Tân Trào (Tuyên Quang)", "Bến Nhà Rồng (Sài Gòn)", "Ngọ Môn (kinh thành Huế)"],
        "Bản Tuyên ngôn khai sinh nước Việt Nam Dân chủ Cộng hoà được đọc tại Quảng trường Ba Đình.",
    )
    author.choice(
        "know",
        "Thắng lợi quân sự nào quyết định việc kết thúc cuộc kháng chiến chống thực dân Pháp (1945 – 1954)?",
        "Chiến thắng Điện Biên Phủ năm 1954",
        ["Chiến thắng Việt Bắc năm 1947", "Chiến thắng Biên giới năm 1950", "Chiến thắng Hoà Bình năm 1952"],
        "Chiến thắng Điện Biên Phủ làm phá sản kế hoạch Nava, tạo điều kiện kí Hiệp định Giơnevơ.",
    )
    author.choice(
        "know",
        "Phong trào nào năm 1959 – 1960 đánh dấu bước phát triển của cách mạng miền Nam từ thế giữ gìn lực lượng sang thế tiến công?",
        "Phong trào Đồng khởi",
        ["Phong trào hoà bình", "Phong trào phá ấp chiến lược", "Phong trào Ba sẵn sàng"],
        "Phong trào Đồng khởi giáng đòn mạnh vào chính sách thực dân mới của Mĩ ở miền Nam.",
    )
    author.choice(
        "know",
        "Chiến dịch nào kết thúc cuộc Tổng tiến công và nổi dậy Xuân 1975?",
        "Chiến dịch Hồ Chí Minh",
        ["Chiến dịch Tây Nguyên", "Chiến dịch Huế – Đà Nẵng", "Chiến dịch đường 14 – Phước Long"],
        "Chiến dịch Hồ Chí Minh toàn thắng ngày 30/4/1975, giải phóng Sài Gòn.",
    )
    author.choice(
        "know",
        "Hiệp định Pari về chấm dứt chiến tranh, lập lại hoà bình ở Việt Nam được kí vào thời gian nào?",
        "Tháng 1/1973",
        ["Tháng 7/1954", "Tháng 5/1968", "Tháng 4/1975"],
        "Hiệp định Pari được kí ngày 27/1/1973.",
    )


def _understood(author: Author) -> None:
    author.choice(
        "understand",
        "Nguyên nhân chủ quan giữ vai trò quyết định thắng lợi của Cách mạng tháng Tám năm 1945 là",
        "sự lãnh đạo đúng đắn của Đảng và truyền thống yêu nước của nhân dân",
        [
            "thắng lợi của Đồng minh trong Chiến tranh thế giới thứ hai",
            "sự suy yếu của thực dân Pháp sau khi bị phát xít Đức chiếm đóng",
            "sự ủng hộ về vũ khí và tài chính của các nước lớn trên thế giới",
        ],
        "Nguyên nhân chủ quan: đường lối đúng đắn, quá trình chuẩn bị chu đáo và sự đồng lòng của toàn dân.",
    )
    author.choice(
        "understand",
        "Ý nghĩa to lớn nhất của Cách mạng tháng Tám năm 1945 đối với lịch sử dân tộc là",
        "mở ra kỉ nguyên độc lập, tự do, nhân dân làm chủ đất nước",
        [
            "buộc thực dân Pháp công nhận chủ quyền trên toàn Đông Dương",
            "chấm dứt hoàn toàn sự có mặt của quân đội nước ngoài tại Việt Nam",
            "đưa đất nước bước ngay vào thời kì quá độ lên chủ nghĩa xã hội",
        ],
        "Cách mạng tháng Tám lật đổ ách thống trị của thực dân, phát xít và chế độ phong kiến, lập nên nhà nước dân chủ nhân dân.",
    )
    author.choice(
        "understand",
        "Vì sao đêm 19/12/1946 Đảng và Chính phủ quyết định phát động toàn quốc kháng chiến?",
        "Vì thực dân Pháp bội ước, gửi tối hậu thư đe doạ nền độc lập",
        [
            "Vì quân Trung Hoa Dân quốc cùng quân Pháp đánh lên Việt Bắc",
            "Vì Việt Nam đã nhận được viện trợ quân sự của các nước lớn",
            "Vì Hiệp định Giơnevơ về Đông Dương bị phía Pháp phá bỏ",
        ],
        "Pháp liên tiếp khiêu khích và gửi tối hậu thư đòi giải tán lực lượng tự vệ, khả năng hoà hoãn không còn.",
    )
    author.choice(
        "understand",
        "Tính chất của đường lối kháng chiến chống thực dân Pháp được xác định là",
        "toàn dân, toàn diện, lâu dài, tự lực cánh sinh và tranh thủ ủng hộ quốc tế",
        [
            "đánh nhanh thắng nhanh dựa chủ yếu vào sự giúp đỡ của các nước bên ngoài",
            "chỉ tập trung vào mặt trận quân sự và dựa hẳn vào lực lượng quân chủ lực",
            "đấu tranh chính trị hoà bình là chủ yếu, hạn chế đấu tranh vũ trang kéo dài",
        ],
        "Đường lối thể hiện trong Lời kêu gọi toàn quốc kháng chiến, Chỉ thị Toàn dân kháng chiến và tác phẩm Kháng chiến nhất định thắng lợi.",
    )
    author.choice(
        "understand",
        "Chiến thắng “Điện Biên Phủ trên không” cuối năm 1972 có tác động trực tiếp nào?",
        "Buộc Mĩ kí Hiệp định Pari, rút hết quân khỏi miền Nam Việt Nam",
        [
            "Buộc Mĩ bắt đầu xuống thang chiến tranh và chấp nhận đàm phán",
            "Làm phá sản hoàn toàn chiến lược Chiến tranh đặc biệt của Mĩ",
            "Kết thúc cuộc Tổng tiến công và nổi dậy trên toàn miền Nam",
        ],
        "Thất bại trong cuộc tập kích đường không 12 ngày đêm buộc Mĩ trở lại bàn đàm phán và kí Hiệp định Pari (1/1973).",
    )
    author.choice(
        "understand",
        "Sự kiện nào buộc Mĩ phải tuyên bố “phi Mĩ hoá” chiến tranh xâm lược Việt Nam?",
        "Cuộc Tổng tiến công và nổi dậy Xuân Mậu Thân 1968",
        [
            "Chiến thắng Ấp Bắc (Mĩ Tho) vào đầu năm 1963",
            "Chiến thắng Vạn Tường (Quảng Ngãi) năm 1965",
            "Cuộc Tiến công chiến lược vào mùa xuân năm 1972",
        ],
        "Đòn tiến công bất ngờ năm 1968 làm lung lay ý chí xâm lược, buộc Mĩ tuyên bố phi Mĩ hoá chiến tranh và chấp nhận đàm phán ở Pari.",
    )


def _applied(author: Author) -> None:
    author.choice(
        "apply",
        "Điểm chung về nghệ thuật quân sự của chiến dịch Điện Biên Phủ (1954) và chiến dịch Hồ Chí Minh (1975) là",
        "tập trung lực lượng, giành thắng lợi quyết định kết thúc chiến tranh",
        [
            "bắt đầu từ nổi dậy của quần chúng ở các đô thị lớn trong cả nước",
            "tiến công vào tập đoàn cứ điểm được bố trí trên địa bàn rừng núi",
            "giành thắng lợi nhờ yếu tố bất ngờ và đánh nhanh trong một ngày",
        ],
        "Cả hai đều là trận quyết chiến chiến lược, huy động lực lượng lớn, dẫn tới kết thúc chiến tranh.",
    )
    author.choice(
        "apply",
        "Nhận xét nào đúng về vai trò của hậu phương miền Bắc trong kháng chiến chống Mĩ, cứu nước?",
        "Có ý nghĩa quyết định nhất đối với sự nghiệp cách mạng của cả nước",
        [
            "Có ý nghĩa quyết định trực tiếp thắng lợi trên chiến trường miền Nam",
            "Chỉ làm nhiệm vụ tiếp nhận viện trợ quốc tế rồi chuyển vào miền Nam",
            "Không chịu tác động của chiến tranh nên phát triển kinh tế liên tục",
        ],
        "Miền Bắc có vai trò quyết định nhất đối với cách mạng cả nước; miền Nam có vai trò quyết định trực tiếp.",
    )
    author.choice(
        "apply",
        "Bài học nào của Cách mạng tháng Tám về chớp thời cơ còn giá trị trong công cuộc phát triển đất nước hiện nay?",
        "Chuẩn bị thực lực chu đáo để kịp thời tận dụng điều kiện thuận lợi",
        [
            "Chờ đợi điều kiện quốc tế thuận lợi rồi mới chuẩn bị lực lượng",
            "Dựa hẳn vào sự giúp đỡ từ bên ngoài để rút ngắn thời gian phát triển",
            "Tiến hành đồng loạt mọi việc mà không cần tính đến thực lực của mình",
        ],
        "Thời cơ chỉ phát huy tác dụng khi có sự chuẩn bị về lực lượng và chủ động nắm bắt.",
    )
    author.choice(
        "apply",
        "Điểm giống nhau giữa các chiến lược chiến tranh của Mĩ ở miền Nam Việt Nam giai đoạn 1961 – 1973 là",
        "đều là chiến tranh xâm lược thực dân mới, dựa vào viện trợ của Mĩ",
        [
            "đều sử dụng quân viễn chinh Mĩ làm lực lượng chủ yếu trên chiến trường",
            "đều chỉ giới hạn trong phạm vi miền Nam, không mở rộng ra miền Bắc",
            "đều lấy đàm phán ngoại giao làm biện pháp giải quyết vấn đề hàng đầu",
        ],
        "Chiến tranh đặc biệt, Chiến tranh cục bộ, Việt Nam hoá chiến tranh đều là hình thức chiến tranh xâm lược thực dân mới.",
    )
    author.choice(
        "apply",
        "Thắng lợi của các cuộc kháng chiến từ năm 1945 đến năm 1975 cho thấy nhân tố nào giữ vai trò quyết định sức mạnh dân tộc?",
        "Khối đại đoàn kết toàn dân dưới sự lãnh đạo đúng đắn",
        [
            "Ưu thế tuyệt đối về vũ khí và phương tiện chiến tranh",
            "Sự ủng hộ của tất cả các nước lớn trên thế giới",
            "Vị trí địa lí và điều kiện tự nhiên rất hiểm trở",
        ],
        "Đại đoàn kết toàn dân tộc, đường lối đúng đắn là nguồn sức mạnh quyết định để thắng kẻ thù mạnh hơn về vật chất.",
    )


def _groups(author: Author) -> None:
    line = pictures.timeline(["1945", "1946", "1947", "1950", "1954"])
    author.group(
        "know",
        "Trục thời gian ghi các mốc của cách mạng Việt Nam: (1) Cách mạng tháng Tám thành công; (2) toàn quốc kháng chiến bùng nổ; "
        "(3) chiến dịch Việt Bắc; (4) chiến dịch Biên giới; (5) chiến dịch Điện Biên Phủ.",
        [
            ("Mốc (1) gắn với sự ra đời của nước Việt Nam Dân chủ Cộng hoà.", True),
            ("Mốc (2) diễn ra vào tháng 12 của năm ghi trên trục thời gian.", True),
            ("Ở mốc (3), quân ta chủ động mở chiến dịch tiến công quy mô lớn đầu tiên.", False),
            ("Sau mốc (5), Hiệp định Giơnevơ về Đông Dương được kí kết.", True),
        ],
        "Chiến dịch Biên giới (1950) mới là chiến dịch tiến công lớn đầu tiên do ta chủ động mở; Việt Bắc 1947 là chiến dịch phản công.",
        picture=(line, "Trục thời gian với năm mốc đánh số: 1945, 1946, 1947, 1950, 1954"),
    )
    author.group(
        "understand",
        "Đọc đoạn trích: “Nước Việt Nam có quyền hưởng tự do và độc lập, và sự thật đã thành một nước tự do độc lập. Toàn thể dân tộc Việt Nam quyết đem tất cả tinh thần "
        "và lực lượng, tính mạng và của cải để giữ vững quyền tự do, độc lập ấy.” (Hồ Chí Minh, Tuyên ngôn Độc lập, 2/9/1945)",
        [
            ("Đoạn trích khẳng định quyền độc lập của dân tộc Việt Nam cả về pháp lí và thực tế.", True),
            ("Đoạn trích thể hiện quyết tâm của toàn dân bảo vệ nền độc lập.", True),
            ("Văn kiện này được công bố sau khi Hiệp định Giơnevơ được kí kết.", False),
            ("Văn kiện này gắn với sự khai sinh nước Cộng hoà xã hội chủ nghĩa Việt Nam.", False),
        ],
        "Tuyên ngôn Độc lập (1945) khai sinh nước Việt Nam Dân chủ Cộng hoà; tên nước Cộng hoà xã hội chủ nghĩa Việt Nam có từ năm 1976.",
    )
    author.group(
        "understand",
        "Đọc đoạn trích: “Chúng ta muốn hoà bình, chúng ta phải nhân nhượng. Nhưng chúng ta càng nhân nhượng, thực dân Pháp càng lấn tới, vì chúng quyết tâm cướp nước ta lần nữa!” "
        "(Hồ Chí Minh, Lời kêu gọi toàn quốc kháng chiến, 12/1946)",
        [
            ("Đoạn trích cho thấy thiện chí hoà bình của Việt Nam.", True),
            ("Nguyên nhân bùng nổ chiến tranh được chỉ ra là dã tâm xâm lược của thực dân Pháp.", True),
            ("“Nhân nhượng” trong đoạn trích bao gồm việc kí Hiệp định Sơ bộ năm 1946.", True),
            ("Đoạn trích chủ trương tiếp tục nhân nhượng để giữ hoà bình bằng mọi giá.", False),
        ],
        "Hiệp định Sơ bộ (6/3/1946) và Tạm ước (14/9/1946) là những nhân nhượng; khi khả năng hoà bình không còn, Việt Nam cầm vũ khí kháng chiến.",
    )
    author.group(
        "apply",
        "Xét mối quan hệ giữa đấu tranh quân sự và đấu tranh ngoại giao trong các cuộc kháng chiến từ năm 1945 đến năm 1975.",
        [
            ("Thắng lợi trên chiến trường tạo cơ sở cho thắng lợi trên bàn đàm phán.", True),
            (
                "Hiệp định Giơnevơ và Hiệp định Pari đều công nhận các quyền dân tộc cơ bản của Việt Nam.",
                True,
            ),
            ("Đấu tranh ngoại giao hoàn toàn phụ thuộc, không tác động trở lại đấu tranh quân sự.", False),
            ("Sau Hiệp định Pari, so sánh lực lượng ở miền Nam thay đổi có lợi cho cách mạng.", True),
        ],
        "Hai mặt trận có quan hệ biện chứng: ngoại giao góp phần phát huy thắng lợi quân sự, tranh thủ sự ủng hộ quốc tế.",
    )
    author.essay(
        "apply",
        "Phân tích vì sao nói thời cơ của Cách mạng tháng Tám năm 1945 là “thời cơ ngàn năm có một”. Từ đó, hãy rút ra một bài học cho bản thân em về việc nắm bắt cơ hội.",
        [
            (
                "Trình bày được điều kiện khách quan: Nhật đầu hàng Đồng minh, chính quyền tay sai hoang mang",
                "0.5",
            ),
            ("Trình bày được điều kiện chủ quan: lực lượng chuẩn bị đầy đủ, quần chúng sẵn sàng", "0.5"),
            (
                "Giải thích được thời cơ chỉ tồn tại trong thời gian ngắn, trước khi quân Đồng minh vào giải giáp",
                "0.5",
            ),
            ("Rút ra bài học hợp lí, diễn đạt mạch lạc", "0.5"),
        ],
        "Thời cơ tồn tại từ khi Nhật đầu hàng Đồng minh đến trước khi quân Đồng minh vào Đông Dương; điều kiện khách quan và chủ quan cùng chín muồi.",
        max_words=400,
    )
