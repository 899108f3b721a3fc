"""Lịch sử 12, topic 2: ASEAN and its stages."""

from __future__ import annotations

from lms.demo import pictures
from lms.demo.bank.shapes import Author, DemoItem

TOPIC = "SU12.2"


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
        "Hiệp hội các quốc gia Đông Nam Á (ASEAN) được thành lập ngày 8/8/1967 tại",
        "Băng Cốc (Thái Lan)",
        ["Giacácta (Inđônêxia)", "Cuala Lămpơ (Malaixia)", "Manila (Philíppin)"],
        "Tuyên bố Băng Cốc được kí ngày 8/8/1967 tại thủ đô Thái Lan.",
    )
    author.choice(
        "know",
        "Quốc gia nào sau đây không thuộc năm nước sáng lập ASEAN?",
        "Brunây",
        ["Inđônêxia", "Malaixia", "Xingapo"],
        "Năm nước sáng lập: Inđônêxia, Malaixia, Philíppin, Thái Lan, Xingapo; Brunây gia nhập năm 1984.",
    )
    author.choice(
        "know",
        "Việt Nam chính thức trở thành thành viên của ASEAN vào năm nào?",
        "Năm 1995",
        ["Năm 1992", "Năm 1997", "Năm 1999"],
        "Việt Nam gia nhập ASEAN ngày 28/7/1995, là thành viên thứ bảy.",
    )
    author.choice(
        "know",
        "Văn kiện xác định các nguyên tắc cơ bản trong quan hệ giữa các nước ASEAN, kí tại Bali năm 1976, là",
        "Hiệp ước Thân thiện và Hợp tác ở Đông Nam Á",
        [
            "Tuyên bố thành lập Hiệp hội các nước Đông Nam Á",
            "Hiến chương của Hiệp hội các nước Đông Nam Á",
            "Tuyên bố về cách ứng xử của các bên ở Biển Đông",
        ],
        "Hiệp ước Bali (TAC) được kí tại Hội nghị cấp cao lần thứ nhất, tháng 2/1976.",
    )
    author.choice(
        "know",
        "Cộng đồng ASEAN chính thức được thành lập vào thời điểm nào?",
        "Ngày 31/12/2015",
        ["Ngày 8/8/2007", "Ngày 15/12/2008", "Ngày 28/7/2020"],
        "Cộng đồng ASEAN được tuyên bố thành lập vào ngày 31/12/2015.",
    )
    author.choice(
        "know",
        "Cộng đồng ASEAN được xây dựng trên ba trụ cột nào?",
        "Chính trị – An ninh; Kinh tế; Văn hoá – Xã hội",
        [
            "Chính trị – Quân sự; Kinh tế; Khoa học – Công nghệ",
            "Ngoại giao – Quốc phòng; Thương mại; Môi trường",
            "Chính trị – An ninh; Tiền tệ; Giáo dục – Đào tạo",
        ],
        "Ba trụ cột: Cộng đồng Chính trị – An ninh, Cộng đồng Kinh tế, Cộng đồng Văn hoá – Xã hội.",
    )


def _understood(author: Author) -> None:
    author.choice(
        "understand",
        "Mục tiêu nào được xác định trong Tuyên bố Băng Cốc năm 1967?",
        "Thúc đẩy tăng trưởng kinh tế, tiến bộ xã hội và phát triển văn hoá",
        [
            "Thành lập một liên minh quân sự để bảo vệ khu vực Đông Nam Á",
            "Xây dựng một đồng tiền chung cho toàn bộ khu vực Đông Nam Á",
            "Thống nhất thể chế chính trị của các nước trong khu vực này",
        ],
        "Tuyên bố Băng Cốc nhấn mạnh hợp tác kinh tế, văn hoá, xã hội và duy trì hoà bình, ổn định khu vực.",
    )
    author.choice(
        "understand",
        "Bối cảnh nào thúc đẩy các nước Đông Nam Á thành lập ASEAN vào năm 1967?",
        "Nhu cầu hợp tác để phát triển và hạn chế ảnh hưởng của bên ngoài",
        [
            "Xu thế toàn cầu hoá đã phát triển mạnh mẽ ở khắp các châu lục",
            "Chiến tranh lạnh đã chấm dứt nên các nước có điều kiện hợp tác",
            "Các nước lớn đã rút hết sự hiện diện ra khỏi khu vực Đông Nam Á",
        ],
        "Sau khi giành độc lập, các nước cần liên kết phát triển và giảm sức ép của các cường quốc trong Chiến tranh lạnh.",
    )
    author.choice(
        "understand",
        "Quan hệ giữa ASEAN và ba nước Đông Dương chuyển sang đối thoại, hợp tác từ cuối những năm 80 của thế kỉ XX chủ yếu do",
        "vấn đề Campuchia dần được giải quyết bằng thương lượng",
        [
            "ba nước Đông Dương cùng gia nhập ASEAN trong năm 1985",
            "Cộng đồng ASEAN được thành lập và mở rộng thành viên",
            "các nước ASEAN cùng tham gia một liên minh quân sự mới",
        ],
        "Việc giải quyết vấn đề Campuchia và xu thế hoà dịu trên thế giới tạo điều kiện cải thiện quan hệ.",
    )
    author.choice(
        "understand",
        "Hiến chương ASEAN có hiệu lực từ tháng 12/2008 có ý nghĩa như thế nào?",
        "Tạo cơ sở pháp lí và tư cách pháp nhân cho tổ chức ASEAN",
        [
            "Mở đầu cho quá trình hợp tác giữa các nước Đông Nam Á",
            "Chấm dứt tình trạng đối đầu giữa hai nhóm nước ở khu vực",
            "Đưa ASEAN trở thành một liên minh quân sự và tiền tệ chung",
        ],
        "Hiến chương là khung pháp lí, thể chế cho ASEAN và cho việc xây dựng Cộng đồng.",
    )
    author.choice(
        "understand",
        "Nguyên tắc nào chi phối việc ra quyết định trong ASEAN?",
        "Tham vấn và đồng thuận",
        ["Bỏ phiếu theo dân số", "Nước lớn có quyền phủ quyết", "Quyết định theo đa số quá bán"],
        "ASEAN đưa ra quyết định trên cơ sở tham vấn và đồng thuận.",
    )
    author.choice(
        "understand",
        "Việc ASEAN mở rộng từ 5 lên 10 thành viên vào cuối thế kỉ XX phản ánh điều gì?",
        "Xu thế đối thoại, hợp tác đã thay thế đối đầu trong khu vực",
        [
            "Các nước trong khu vực đã có trình độ phát triển như nhau",
            "Các nước Đông Nam Á đều lựa chọn cùng một chế độ chính trị",
            "Sự can thiệp của các nước lớn vào khu vực đã kết thúc hẳn",
        ],
        "Sau Chiến tranh lạnh, các nước Đông Nam Á vượt qua khác biệt để cùng hợp tác phát triển.",
    )


def _applied(author: Author) -> None:
    author.choice(
        "apply",
        "Điểm tương đồng giữa ASEAN và Liên minh châu Âu (EU) là",
        "đều là tổ chức liên kết khu vực, hợp tác trên nhiều lĩnh vực",
        [
            "đều sử dụng một đồng tiền chung trong toàn bộ các nước",
            "đều ra đời khi Chiến tranh lạnh đã chấm dứt hoàn toàn",
            "đều có quân đội chung để bảo vệ an ninh của khu vực",
        ],
        "ASEAN không có đồng tiền chung hay quân đội chung; cả hai đều là tổ chức liên kết khu vực.",
    )
    author.choice(
        "apply",
        "Việc gia nhập ASEAN năm 1995 đem lại cho Việt Nam thuận lợi chủ yếu nào?",
        "Mở rộng hợp tác, thu hút đầu tư và nâng cao vị thế quốc tế",
        [
            "Không phải cạnh tranh với hàng hoá của các nước khác",
            "Được các nước trong khu vực bảo đảm về quốc phòng",
            "Xoá bỏ mọi khoảng cách phát triển với các nước ASEAN",
        ],
        "Gia nhập ASEAN giúp phá thế bao vây, mở rộng thị trường và hội nhập; đồng thời cũng đặt ra thách thức cạnh tranh.",
    )
    author.choice(
        "apply",
        "Thách thức nào đặt ra cho Cộng đồng ASEAN trong thế kỉ XXI?",
        "Khoảng cách phát triển giữa các nước và cạnh tranh ảnh hưởng của nước lớn",
        [
            "Sự đối đầu giữa hai khối quân sự NATO và Vácsava tại khu vực Đông Nam Á",
            "Các nước trong khu vực đều chưa giành được nền độc lập từ tay thực dân",
            "Chưa có văn kiện pháp lí nào quy định mục tiêu và nguyên tắc hoạt động",
        ],
        "Sự đa dạng về thể chế, chênh lệch phát triển và cạnh tranh giữa các cường quốc là thách thức lớn.",
    )
    author.choice(
        "apply",
        "Từ quá trình phát triển của ASEAN, có thể rút ra bài học nào về giải quyết bất đồng giữa các quốc gia láng giềng?",
        "Kiên trì đối thoại hoà bình, tôn trọng lợi ích chính đáng của nhau",
        [
            "Dựa vào một cường quốc bên ngoài để gây sức ép với láng giềng",
            "Sử dụng sức mạnh quân sự để giải quyết dứt điểm các tranh chấp",
            "Tạm ngừng mọi quan hệ hợp tác cho đến khi hết hẳn bất đồng",
        ],
        "ASEAN phát triển nhờ nguyên tắc giải quyết tranh chấp bằng biện pháp hoà bình, không can thiệp nội bộ.",
    )
    author.choice(
        "apply",
        "So với giai đoạn 1967 – 1976, hoạt động của ASEAN sau Hội nghị Bali (1976) có điểm khác nào?",
        "Hợp tác khởi sắc, có nguyên tắc quan hệ rõ ràng hơn trước",
        [
            "Hợp tác lỏng lẻo, chưa có vị trí nào trên trường quốc tế",
            "Chuyển sang hợp tác quân sự là lĩnh vực chủ yếu của khối",
            "Ngừng kết nạp thêm các quốc gia mới trong khu vực này",
        ],
        "Hội nghị Bali với Hiệp ước Thân thiện và Hợp tác mở ra giai đoạn hợp tác khởi sắc của ASEAN.",
    )


def _groups(author: Author) -> None:
    chart = pictures.bars(["1967", "1984", "1995", "1997", "1999"], [5, 6, 7, 9, 10], "n")
    author.group(
        "know",
        "Biểu đồ thể hiện số nước thành viên của ASEAN (n) ở các mốc mở rộng từ năm 1967 đến năm 1999.",
        [
            ("Khi mới thành lập, ASEAN có 5 thành viên.", True),
            ("Việt Nam là thành viên thứ bảy của ASEAN.", True),
            ("Năm 1997, ASEAN kết nạp thêm ba thành viên mới.", False),
            ("Campuchia gia nhập ASEAN năm 1999, nâng số thành viên lên 10.", True),
        ],
        "Năm 1997, Lào và Mianma gia nhập, nâng số thành viên từ 7 lên 9.",
        picture=(
            chart,
            "Biểu đồ cột số thành viên ASEAN: 1967 có 5, 1984 có 6, 1995 có 7, 1997 có 9, 1999 có 10",
        ),
    )
    author.group(
        "understand",
        "Tư liệu: “Các nước tham gia cam kết tôn trọng độc lập, chủ quyền, bình đẳng, toàn vẹn lãnh thổ của nhau; không can thiệp vào công việc nội bộ; giải quyết bất đồng "
        "bằng biện pháp hoà bình; không đe doạ hoặc sử dụng vũ lực.” (Tóm tắt nguyên tắc của Hiệp ước Bali năm 1976)",
        [
            ("Các nguyên tắc trên phù hợp với tinh thần của Hiến chương Liên hợp quốc.", True),
            ("Hiệp ước cho phép can thiệp quân sự khi một nước thành viên có bất ổn nội bộ.", False),
            ("Hiệp ước Bali tạo cơ sở cho quan hệ hợp tác lâu dài giữa các nước trong khu vực.", True),
            ("Hiệp ước được kí khi tất cả các nước Đông Nam Á đã là thành viên của ASEAN.", False),
        ],
        "Năm 1976 ASEAN mới có 5 thành viên; nguyên tắc nền tảng là không can thiệp nội bộ.",
    )
    author.group(
        "understand",
        "Xét quá trình xây dựng Cộng đồng ASEAN.",
        [
            ("Cộng đồng Văn hoá – Xã hội là một trong ba trụ cột của Cộng đồng ASEAN.", True),
            ("Cộng đồng Kinh tế ASEAN hướng tới một thị trường và cơ sở sản xuất thống nhất.", True),
            ("Cộng đồng ASEAN là một nhà nước siêu quốc gia có chính phủ chung.", False),
            ("Hiến chương ASEAN có hiệu lực trước khi Cộng đồng ASEAN được thành lập.", True),
        ],
        "Cộng đồng ASEAN không phải là nhà nước siêu quốc gia; Hiến chương có hiệu lực năm 2008, Cộng đồng thành lập năm 2015.",
    )
    author.group(
        "apply",
        "Khi bàn về sự tham gia của Việt Nam trong ASEAN từ năm 1995 đến nay, một số ý kiến được nêu ra.",
        [
            ("Việt Nam đã nhiều lần đảm nhiệm vai trò Chủ tịch ASEAN.", True),
            (
                "Gia nhập ASEAN đồng nghĩa với việc Việt Nam ngừng quan hệ với các đối tác ngoài khu vực.",
                False,
            ),
            ("Nâng cao năng lực cạnh tranh là yêu cầu đặt ra khi hội nhập kinh tế ASEAN.", True),
            ("Việc Việt Nam gia nhập góp phần thúc đẩy ASEAN kết nạp các nước còn lại ở Đông Dương.", True),
        ],
        "Việt Nam là Chủ tịch ASEAN các năm 2010 và 2020; Lào gia nhập năm 1997, Campuchia năm 1999; Việt Nam thực hiện đa phương hoá, đa dạng hoá quan hệ.",
    )
