"""Lịch sử 12, topic 1: the United Nations and the world order during and after the Cold War."""

from __future__ import annotations

from lms.demo import pictures
from lms.demo.bank.shapes import Author, DemoItem

TOPIC = "SU12.1"


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
        "Tổ chức Liên hợp quốc chính thức được thành lập vào năm nào?",
        "Năm 1945",
        ["Năm 1919", "Năm 1949", "Năm 1955"],
        "Hiến chương Liên hợp quốc có hiệu lực ngày 24/10/1945.",
    )
    author.choice(
        "know",
        "Cơ quan nào của Liên hợp quốc giữ vai trò chính trong việc duy trì hoà bình và an ninh quốc tế?",
        "Hội đồng Bảo an",
        ["Đại hội đồng", "Ban Thư kí", "Toà án Quốc tế"],
        "Theo Hiến chương, Hội đồng Bảo an chịu trách nhiệm chính về duy trì hoà bình và an ninh quốc tế.",
    )
    author.choice(
        "know",
        "Những quyết định về việc phân chia phạm vi ảnh hưởng giữa các cường quốc thắng trận được thông qua tại hội nghị nào vào tháng 2/1945?",
        "Hội nghị Ianta",
        ["Hội nghị Vécxai", "Hội nghị Giơnevơ", "Hội nghị Băng Cốc"],
        "Hội nghị Ianta (Liên Xô) họp từ ngày 4 đến ngày 11/2/1945 với sự tham dự của nguyên thủ Liên Xô, Mĩ và Anh.",
    )
    author.choice(
        "know",
        "Hai cường quốc đứng đầu hai cực trong trật tự thế giới hai cực Ianta là",
        "Liên Xô và Mĩ",
        ["Anh và Pháp", "Mĩ và Trung Quốc", "Liên Xô và Đức"],
        "Liên Xô đứng đầu khối xã hội chủ nghĩa, Mĩ đứng đầu khối tư bản chủ nghĩa.",
    )
    author.choice(
        "know",
        "Sự kiện nào tháng 12/1989 đánh dấu việc chấm dứt Chiến tranh lạnh trên phương diện tuyên bố chính thức?",
        "Cuộc gặp cấp cao Liên Xô – Mĩ tại đảo Manta",
        [
            "Liên bang Cộng hoà xã hội chủ nghĩa Xô viết tan rã",
            "Định ước Henxinki về an ninh châu Âu được kí kết",
            "Tổ chức Hiệp ước Vácsava chính thức giải thể",
        ],
        "Tại Manta, hai nhà lãnh đạo Liên Xô và Mĩ tuyên bố chấm dứt Chiến tranh lạnh.",
    )
    author.choice(
        "know",
        "Liên Xô tan rã, trật tự thế giới hai cực Ianta hoàn toàn chấm dứt vào năm nào?",
        "Năm 1991",
        ["Năm 1985", "Năm 1989", "Năm 1995"],
        "Ngày 25/12/1991, Liên bang Xô viết chấm dứt tồn tại.",
    )


def _understood(author: Author) -> None:
    author.choice(
        "understand",
        "Một trong những nguyên tắc hoạt động cơ bản của Liên hợp quốc là",
        "bình đẳng chủ quyền giữa các quốc gia thành viên",
        [
            "ưu tiên quyền lợi của các quốc gia đang phát triển",
            "giải quyết tranh chấp quốc tế bằng biện pháp quân sự",
            "can thiệp vào công việc nội bộ của các nước thành viên",
        ],
        "Hiến chương nêu các nguyên tắc: bình đẳng chủ quyền, không can thiệp nội bộ, giải quyết tranh chấp bằng biện pháp hoà bình, …",
    )
    author.choice(
        "understand",
        "Nội dung nào phản ánh đúng bản chất của Chiến tranh lạnh?",
        "Cuộc đối đầu căng thẳng giữa hai khối nhưng hai siêu cường không trực tiếp giao chiến",
        [
            "Cuộc chiến tranh quân sự trực tiếp giữa Liên Xô và Mĩ diễn ra trên lãnh thổ châu Âu",
            "Cuộc cạnh tranh thuần tuý về kinh tế giữa các nước tư bản chủ nghĩa phát triển",
            "Cuộc xung đột giữa các nước thuộc địa với các nước thực dân diễn ra sau năm 1945",
        ],
        "Hai khối đối đầu về chính trị, quân sự, kinh tế, tư tưởng, chạy đua vũ trang, nhưng Liên Xô và Mĩ không xung đột vũ trang trực tiếp.",
    )
    author.choice(
        "understand",
        "Sự ra đời của NATO (1949) và Tổ chức Hiệp ước Vácsava (1955) có tác động như thế nào đến quan hệ quốc tế?",
        "Xác lập cục diện hai phe, hai khối đối đầu nhau",
        [
            "Chấm dứt tình trạng chạy đua vũ trang ở châu Âu",
            "Mở đầu xu thế hoà hoãn giữa Liên Xô và nước Mĩ",
            "Làm trật tự thế giới hai cực Ianta bị tan rã sớm",
        ],
        "Hai khối quân sự đối lập ra đời khiến cục diện hai cực, hai phe được xác lập.",
    )
    author.choice(
        "understand",
        "Nguyên nhân chủ yếu nào khiến Liên Xô và Mĩ đi đến chấm dứt Chiến tranh lạnh?",
        "Chạy đua vũ trang kéo dài làm hai nước tốn kém và suy giảm vị thế",
        [
            "Hai nước đã cùng hoàn thành mục tiêu về chinh phục vũ trụ",
            "Hai nước cùng bị các thuộc địa của mình đấu tranh chống lại",
            "Liên hợp quốc ra nghị quyết buộc hai nước phải giải trừ quân bị",
        ],
        "Cả hai nước đều tốn kém, phải đối mặt với sự vươn lên của Nhật Bản, Tây Âu và cần ổn định để phát triển.",
    )
    author.choice(
        "understand",
        "Sau Chiến tranh lạnh, các quốc gia đều điều chỉnh chiến lược, lấy lĩnh vực nào làm trọng điểm?",
        "Phát triển kinh tế",
        ["Chạy đua vũ trang", "Mở rộng lãnh thổ", "Xuất khẩu tư tưởng"],
        "Sức mạnh quốc gia dựa chủ yếu vào kinh tế, khoa học – công nghệ nên các nước tập trung phát triển kinh tế.",
    )
    author.choice(
        "understand",
        "Khái niệm “đa cực” trong quan hệ quốc tế dùng để chỉ trạng thái",
        "có nhiều trung tâm quyền lực cùng tồn tại, cạnh tranh và hợp tác",
        [
            "chỉ có một siêu cường duy nhất chi phối mọi vấn đề quốc tế",
            "có hai khối nước đối lập nhau về tư tưởng và quân sự toàn cầu",
            "mọi quốc gia có sức mạnh kinh tế, quân sự ngang bằng với nhau",
        ],
        "Đa cực là cục diện có nhiều trung tâm sức mạnh về kinh tế, chính trị, quân sự.",
    )


def _applied(author: Author) -> None:
    author.choice(
        "apply",
        "Điểm khác biệt căn bản giữa trật tự thế giới hai cực Ianta và trật tự theo hệ thống Vécxai – Oasinhtơn là",
        "có sự tham gia và đối trọng của một cường quốc xã hội chủ nghĩa",
        [
            "do các nước thắng trận thiết lập nên sau chiến tranh thế giới",
            "phản ánh tương quan lực lượng giữa các cường quốc tham gia",
            "có sự phân chia phạm vi ảnh hưởng giữa các nước lớn với nhau",
        ],
        "Ba phương án còn lại là điểm giống nhau; trong trật tự Ianta, Liên Xô là một cực.",
    )
    author.choice(
        "apply",
        "Từ xu thế phát triển của thế giới sau Chiến tranh lạnh, Việt Nam có thể rút ra bài học nào cho công cuộc xây dựng đất nước?",
        "Tranh thủ thời cơ hội nhập, giữ vững độc lập và tự chủ",
        [
            "Tham gia liên minh quân sự để bảo vệ lợi ích quốc gia",
            "Hạn chế hợp tác với bên ngoài để tránh bị phụ thuộc",
            "Dồn mọi nguồn lực quốc gia cho chạy đua quân sự lâu dài",
        ],
        "Hoà bình, hợp tác, phát triển và toàn cầu hoá vừa là thời cơ vừa là thách thức, đòi hỏi hội nhập đi đôi với giữ vững độc lập, tự chủ.",
    )
    author.choice(
        "apply",
        "Nhận xét nào đúng về tác động của Chiến tranh lạnh đối với phong trào giải phóng dân tộc trên thế giới?",
        "Vừa tạo điều kiện được giúp đỡ, vừa làm nhiều cuộc đấu tranh thêm phức tạp",
        [
            "Không có tác động gì vì hai siêu cường chỉ quan tâm tới tình hình châu Âu",
            "Làm cho phong trào giải phóng dân tộc trên toàn thế giới bị thất bại hoàn toàn",
            "Giúp các nước thuộc địa giành độc lập hoàn toàn bằng con đường thương lượng",
        ],
        "Nhiều dân tộc được các nước xã hội chủ nghĩa ủng hộ, song nhiều nơi trở thành chỗ đối đầu của hai khối, như bán đảo Triều Tiên, Đông Dương.",
    )
    author.choice(
        "apply",
        "Việc năm nước uỷ viên thường trực Hội đồng Bảo an có quyền phủ quyết thể hiện điều gì trong tổ chức của Liên hợp quốc?",
        "Sự nhất trí giữa các nước lớn là điều kiện cho các quyết định quan trọng",
        [
            "Mọi quốc gia thành viên đều có tiếng nói như nhau về vấn đề an ninh",
            "Nghị quyết của Đại hội đồng luôn có giá trị cao hơn Hội đồng Bảo an",
            "Các nước lớn được phép can thiệp vào nội bộ của mọi nước thành viên",
        ],
        "Nguyên tắc nhất trí giữa năm nước lớn: Liên Xô (nay là Nga), Mĩ, Anh, Pháp, Trung Quốc.",
    )
    author.choice(
        "apply",
        "Yếu tố nào sau đây là cơ sở để nhận định thế giới sau Chiến tranh lạnh vẫn chưa hoàn toàn ổn định?",
        "Nhiều nơi vẫn xảy ra xung đột sắc tộc, tôn giáo, tranh chấp lãnh thổ",
        [
            "Hai khối quân sự NATO và Vácsava vẫn đối đầu nhau gay gắt",
            "Liên Xô và Mĩ vẫn tiếp tục chạy đua vũ trang ở khắp châu Âu",
            "Hệ thống thuộc địa của chủ nghĩa thực dân vẫn được duy trì",
        ],
        "Xung đột cục bộ, chủ nghĩa khủng bố, tranh chấp lãnh thổ vẫn diễn ra ở nhiều khu vực.",
    )


def _groups(author: Author) -> None:
    line = pictures.timeline(["1945", "1947", "1949", "1955", "1989", "1991"])
    author.group(
        "know",
        "Trục thời gian sau ghi những mốc của trật tự thế giới hai cực: (1) Hội nghị Ianta; (2) Mĩ nêu học thuyết Tơruman; (3) NATO thành lập; "
        "(4) Tổ chức Hiệp ước Vácsava thành lập; (5) Mĩ và Liên Xô tuyên bố chấm dứt Chiến tranh lạnh; (6) Liên Xô tan rã.",
        [
            ("Hội nghị Ianta diễn ra khi Chiến tranh thế giới thứ hai sắp kết thúc.", True),
            ("NATO ra đời sau Tổ chức Hiệp ước Vácsava.", False),
            ("Chiến tranh lạnh được tuyên bố chấm dứt trước khi Liên Xô tan rã.", True),
            ("Học thuyết Tơruman được nêu ra sau khi NATO thành lập.", False),
        ],
        "NATO (1949) ra đời trước Vácsava (1955) và sau học thuyết Tơruman (1947); Chiến tranh lạnh chấm dứt năm 1989, Liên Xô tan rã năm 1991.",
        picture=(line, "Trục thời gian với sáu mốc đánh số: 1945, 1947, 1949, 1955, 1989, 1991"),
    )
    author.group(
        "understand",
        "Tư liệu: “Sau năm 1945, hai siêu cường không bắn vào nhau, nhưng ngân sách quân sự, các căn cứ ở nước ngoài và những cuộc chiến tranh cục bộ cho thấy cuộc đối đầu "
        "diễn ra ở khắp nơi. Đến cuối những năm 80 của thế kỉ XX, cả hai đều nhận ra cái giá phải trả là quá lớn.” (Tư liệu biên soạn)",
        [
            ("Đoạn tư liệu đề cập đến cuộc Chiến tranh lạnh.", True),
            ("Hai siêu cường trong tư liệu là Anh và Pháp.", False),
            ("Chiến tranh cục bộ ở một số khu vực có liên quan đến sự đối đầu giữa hai khối.", True),
            ("Sự tốn kém của chạy đua vũ trang là một nguyên nhân dẫn tới chấm dứt đối đầu.", True),
        ],
        "Hai siêu cường là Liên Xô và Mĩ; chi phí chạy đua vũ trang làm suy giảm thế mạnh của cả hai nước.",
    )
    author.group(
        "understand",
        "Xét vai trò của Liên hợp quốc từ năm 1945 đến nay.",
        [
            (
                "Liên hợp quốc là diễn đàn vừa hợp tác vừa đấu tranh nhằm duy trì hoà bình, an ninh quốc tế.",
                True,
            ),
            ("Liên hợp quốc có nhiều đóng góp cho việc thủ tiêu chủ nghĩa thực dân.", True),
            ("Liên hợp quốc đã ngăn chặn được mọi cuộc chiến tranh trên thế giới.", False),
            ("Việt Nam trở thành thành viên của Liên hợp quốc từ năm 1945.", False),
        ],
        "Nhiều cuộc xung đột vẫn xảy ra; Việt Nam trở thành thành viên Liên hợp quốc năm 1977.",
    )
    author.group(
        "apply",
        "Một nhóm học sinh thảo luận về xu thế đa cực sau Chiến tranh lạnh và tác động đến các nước đang phát triển.",
        [
            (
                "Trong thế đa cực, các nước đang phát triển có thêm cơ hội đa dạng hoá quan hệ đối ngoại.",
                True,
            ),
            (
                "Sự trỗi dậy của nhiều trung tâm sức mạnh loại bỏ hoàn toàn sự cạnh tranh giữa các nước lớn.",
                False,
            ),
            ("Quá trình toàn cầu hoá là một nhân tố thúc đẩy xu thế đa cực.", True),
            (
                "Trong thế đa cực, liên minh quân sự là con đường duy nhất bảo vệ chủ quyền của nước nhỏ.",
                False,
            ),
        ],
        "Cạnh tranh giữa các trung tâm vẫn tồn tại; nước nhỏ có thể dựa vào luật pháp quốc tế, hợp tác đa phương và thực lực của mình.",
    )
