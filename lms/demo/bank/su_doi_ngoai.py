"""Lịch sử 12, topic 5: Vietnam's diplomacy in modern and contemporary times."""

from __future__ import annotations

from lms.demo.bank.shapes import Author, DemoItem

TOPIC = "SU12.5"


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
        "Ngày 6/3/1946, Chính phủ Việt Nam Dân chủ Cộng hoà kí với đại diện Chính phủ Pháp văn kiện nào?",
        "Hiệp định Sơ bộ",
        ["Bản Tạm ước", "Hiệp định Giơnevơ", "Hiệp định Pari"],
        "Hiệp định Sơ bộ công nhận Việt Nam là một quốc gia tự do; Tạm ước được kí ngày 14/9/1946.",
    )
    author.choice(
        "know",
        "Hai nhà yêu nước tiêu biểu cho hoạt động đối ngoại của Việt Nam đầu thế kỉ XX là",
        "Phan Bội Châu và Phan Châu Trinh",
        [
            "Tôn Thất Thuyết và Phan Đình Phùng",
            "Hoàng Hoa Thám và Nguyễn Thiện Thuật",
            "Trương Định và Nguyễn Trung Trực",
        ],
        "Phan Bội Châu hoạt động ở Nhật Bản, Trung Quốc; Phan Châu Trinh hoạt động ở Pháp, tìm sự ủng hộ bên ngoài.",
    )
    author.choice(
        "know",
        "Năm 1919, Nguyễn Ái Quốc gửi đến Hội nghị Vécxai văn kiện nào?",
        "Yêu sách của nhân dân An Nam",
        ["Bản án chế độ thực dân Pháp", "Cương lĩnh chính trị đầu tiên", "Tuyên ngôn Độc lập của Việt Nam"],
        "Bản Yêu sách gồm tám điểm đòi các quyền tự do, dân chủ, bình đẳng cho nhân dân An Nam.",
    )
    author.choice(
        "know",
        "Quốc gia đầu tiên công nhận và đặt quan hệ ngoại giao với nước Việt Nam Dân chủ Cộng hoà vào tháng 1/1950 là",
        "Trung Quốc",
        ["Liên Xô", "Ấn Độ", "Cuba"],
        "Ngày 18/1/1950 Trung Quốc đặt quan hệ ngoại giao với Việt Nam, tiếp đó là Liên Xô và các nước xã hội chủ nghĩa.",
    )
    author.choice(
        "know",
        "Việt Nam trở thành thành viên của Liên hợp quốc vào năm nào?",
        "Năm 1977",
        ["Năm 1945", "Năm 1973", "Năm 1995"],
        "Ngày 20/9/1977, Việt Nam chính thức là thành viên thứ 149 của Liên hợp quốc.",
    )
    author.choice(
        "know",
        "Việt Nam và Hoa Kì thiết lập quan hệ ngoại giao vào năm nào?",
        "Năm 1995",
        ["Năm 1986", "Năm 1991", "Năm 2000"],
        "Quan hệ ngoại giao giữa hai nước được thiết lập tháng 7/1995.",
    )


def _understood(author: Author) -> None:
    author.choice(
        "understand",
        "Mục đích của Việt Nam khi kí Hiệp định Sơ bộ ngày 6/3/1946 là",
        "tránh cùng lúc đối phó nhiều kẻ thù, tranh thủ thời gian hoà hoãn",
        [
            "công nhận quyền thống trị trở lại của Pháp trên toàn Đông Dương",
            "nhận viện trợ quân sự của Pháp để đánh quân Trung Hoa Dân quốc",
            "kết thúc hoàn toàn cuộc kháng chiến của nhân dân ở miền Nam",
        ],
        "Hiệp định giúp đẩy quân Trung Hoa Dân quốc về nước, có thêm thời gian củng cố lực lượng chuẩn bị kháng chiến lâu dài.",
    )
    author.choice(
        "understand",
        "Hạn chế trong chủ trương cầu viện Nhật Bản của Phan Bội Châu đầu thế kỉ XX là",
        "chưa nhận thức đầy đủ bản chất của chủ nghĩa đế quốc",
        [
            "chưa xác định được kẻ thù của dân tộc là thực dân Pháp",
            "không chủ trương dùng bạo lực để giành lại nền độc lập",
            "không coi trọng việc tập hợp lực lượng yêu nước nào",
        ],
        "Trông cậy vào Nhật Bản, cũng là một nước đế quốc, nên phong trào Đông du bị Nhật câu kết với Pháp giải tán.",
    )
    author.choice(
        "understand",
        "Hoạt động của Nguyễn Ái Quốc ở nước ngoài trong những năm 1920 – 1930 có ý nghĩa đối ngoại nào?",
        "Gắn cách mạng Việt Nam với phong trào cách mạng thế giới",
        [
            "Đưa Việt Nam trở thành thành viên của Hội Quốc liên",
            "Buộc Pháp thực hiện những cải cách dân chủ ở Việt Nam",
            "Thiết lập quan hệ ngoại giao chính thức với nhiều nước",
        ],
        "Người tham gia Đảng Cộng sản Pháp, Quốc tế Cộng sản, Hội Liên hiệp thuộc địa, tạo cơ sở cho đoàn kết quốc tế.",
    )
    author.choice(
        "understand",
        "Nội dung cơ bản nhất của Hiệp định Pari năm 1973 về Việt Nam là",
        "các nước tôn trọng các quyền dân tộc cơ bản của Việt Nam",
        [
            "hai miền Nam – Bắc tổng tuyển cử tự do sau đúng hai năm",
            "lấy vĩ tuyến 17 làm giới tuyến quân sự tạm thời ở hai miền",
            "các bên tập kết lực lượng tại các vùng quy định trong 300 ngày",
        ],
        "Hoa Kì và các nước cam kết tôn trọng độc lập, chủ quyền, thống nhất và toàn vẹn lãnh thổ; các ý còn lại gắn với Giơnevơ.",
    )
    author.choice(
        "understand",
        "Chính sách đối ngoại của Việt Nam thời kì Đổi mới được khái quát là",
        "độc lập, tự chủ, đa phương hoá, đa dạng hoá quan hệ",
        [
            "chỉ mở rộng quan hệ với các nước xã hội chủ nghĩa",
            "liên minh với một nước lớn để bảo đảm an ninh lâu dài",
            "hạn chế quan hệ với các nước có chế độ chính trị khác",
        ],
        "Việt Nam là bạn, là đối tác tin cậy và là thành viên có trách nhiệm của cộng đồng quốc tế.",
    )
    author.choice(
        "understand",
        "Thắng lợi tại Hội nghị Giơnevơ năm 1954 có ý nghĩa nào đối với Việt Nam?",
        "Miền Bắc hoàn toàn giải phóng, tạo cơ sở đấu tranh thống nhất",
        [
            "Cả nước được thống nhất ngay dưới một chính quyền duy nhất",
            "Quân Mĩ phải rút khỏi lãnh thổ miền Nam trong vòng 60 ngày",
            "Việt Nam trở thành thành viên chính thức của Liên hợp quốc",
        ],
        "Pháp phải rút quân, miền Bắc được giải phóng; miền Nam tiếp tục đấu tranh thống nhất đất nước.",
    )


def _applied(author: Author) -> None:
    author.choice(
        "apply",
        "Hoạt động ngoại giao của Việt Nam năm 1946 (Hiệp định Sơ bộ và Tạm ước) để lại bài học gì?",
        "Mềm dẻo về sách lược nhưng kiên định về nguyên tắc, mục tiêu",
        [
            "Sẵn sàng đánh đổi chủ quyền quốc gia để giữ vững hoà bình",
            "Từ chối mọi cuộc đàm phán khi còn có quân đội nước ngoài",
            "Dựa vào mâu thuẫn của kẻ thù, không cần xây dựng thực lực",
        ],
        "“Dĩ bất biến, ứng vạn biến”: giữ vững độc lập dân tộc, linh hoạt về biện pháp.",
    )
    author.choice(
        "apply",
        "Điểm chung của Hiệp định Giơnevơ (1954) và Hiệp định Pari (1973) là",
        "được kí sau những thắng lợi quân sự có ý nghĩa quyết định",
        [
            "do các nước lớn áp đặt và Việt Nam không được tham gia",
            "quy định tập kết, chuyển quân theo hai miền của đất nước",
            "được kí kết khi đất nước đã hoàn toàn thống nhất về lãnh thổ",
        ],
        "Giơnevơ gắn với Điện Biên Phủ, Pari gắn với thắng lợi năm 1972; Hiệp định Pari không quy định tập kết, chuyển quân.",
    )
    author.choice(
        "apply",
        "Hình ảnh “ngoại giao cây tre Việt Nam” nhấn mạnh đặc điểm nào của đối ngoại Việt Nam hiện nay?",
        "Gốc vững, thân chắc, cành uyển chuyển",
        [
            "Luôn nghiêng hẳn theo phía nước lớn",
            "Khép kín, không quan hệ với bên ngoài",
            "Cứng rắn, không nhân nhượng mọi việc",
        ],
        "Hình ảnh này nói về sự kiên định về nguyên tắc và linh hoạt về sách lược.",
    )
    author.choice(
        "apply",
        "Sự khác biệt trong chính sách đối ngoại của Việt Nam sau năm 1986 so với trước đó thể hiện ở việc",
        "mở rộng quan hệ với mọi quốc gia trên nguyên tắc cùng có lợi",
        [
            "đặt lợi ích dân tộc xuống dưới lợi ích của một khối liên minh",
            "từ bỏ quan hệ truyền thống với các nước láng giềng lâu đời",
            "chỉ tham gia các tổ chức kinh tế, không tham gia về chính trị",
        ],
        "Từ quan hệ chủ yếu với các nước xã hội chủ nghĩa, Việt Nam chuyển sang đa phương hoá, đa dạng hoá.",
    )
    author.choice(
        "apply",
        "Kinh nghiệm nào từ hoạt động đối ngoại thời kháng chiến chống Mĩ có thể vận dụng trong bảo vệ chủ quyền biển đảo hiện nay?",
        "Nêu cao chính nghĩa, luật pháp quốc tế để tranh thủ dư luận thế giới",
        [
            "Chỉ dựa vào sức mạnh quân sự và không cần đến sự ủng hộ quốc tế",
            "Nhờ một nước lớn đứng ra giải quyết thay các vấn đề chủ quyền",
            "Tránh đưa các vấn đề chủ quyền ra các diễn đàn khu vực, quốc tế",
        ],
        "Sự ủng hộ của nhân dân thế giới đối với chính nghĩa là sức mạnh to lớn; nay cần kết hợp với luật pháp quốc tế như UNCLOS 1982.",
    )


def _groups(author: Author) -> None:
    author.group(
        "know",
        "Xét các mốc đối ngoại của Việt Nam từ năm 1977 đến năm 2007.",
        [
            ("Năm 1977, Việt Nam gia nhập Liên hợp quốc.", True),
            ("Năm 1991, Việt Nam và Trung Quốc bình thường hoá quan hệ.", True),
            ("Năm 1995, Việt Nam gia nhập ASEAN.", True),
            ("Năm 1998, Việt Nam gia nhập Tổ chức Thương mại Thế giới (WTO).", False),
        ],
        "Năm 1998 Việt Nam gia nhập APEC; gia nhập WTO năm 2007.",
    )
    author.group(
        "understand",
        "Bảng sau tóm tắt hai văn kiện ngoại giao."
        "<table><tbody><tr><th>Văn kiện</th><th>Thời gian kí</th><th>Gắn với thắng lợi quân sự</th></tr>"
        "<tr><td>Hiệp định Giơnevơ</td><td>7/1954</td><td>Chiến dịch Điện Biên Phủ</td></tr>"
        "<tr><td>Hiệp định Pari</td><td>1/1973</td><td>“Điện Biên Phủ trên không”</td></tr></tbody></table>",
        [
            ("Hai hiệp định đều được kí sau thắng lợi quân sự lớn của Việt Nam.", True),
            ("Hiệp định Giơnevơ chấm dứt chiến tranh của thực dân Pháp ở Đông Dương.", True),
            ("Sau Hiệp định Pari, quân đội Mĩ phải rút khỏi miền Nam Việt Nam.", True),
            ("Hai hiệp định đều được kí trong thời kì đất nước đã thống nhất.", False),
        ],
        "Đất nước thống nhất sau thắng lợi mùa Xuân 1975.",
    )
    author.group(
        "understand",
        "Tư liệu: “Bốn phái đoàn cùng ngồi vào bàn đàm phán, mỗi bên có một mục tiêu riêng; còn ở nhiều thủ đô trên thế giới, hàng vạn người xuống đường đòi chấm dứt chiến tranh ở Việt Nam.” "
        "(Tư liệu biên soạn về bối cảnh đàm phán từ năm 1969)",
        [
            ("Tư liệu phản ánh sự ủng hộ của nhân dân thế giới đối với Việt Nam.", True),
            ("Phong trào phản chiến chỉ diễn ra ở các nước xã hội chủ nghĩa.", False),
            ("Đấu tranh ngoại giao là một mặt trận quan trọng của cuộc kháng chiến chống Mĩ.", True),
            ("Cuộc đàm phán trong tư liệu dẫn tới việc kí Hiệp định Giơnevơ năm 1954.", False),
        ],
        "Phong trào phản chiến diễn ra mạnh mẽ ngay tại Mĩ và các nước phương Tây; cuộc đàm phán dẫn tới Hiệp định Pari năm 1973.",
    )
    author.group(
        "apply",
        "Khi tìm hiểu tư tưởng “thêm bạn, bớt thù” trong đối ngoại Việt Nam, học sinh đưa ra các nhận xét sau.",
        [
            ("Tư tưởng này được vận dụng trong sách lược hoà hoãn giai đoạn 1945 – 1946.", True),
            ("Tư tưởng này đồng nghĩa với việc nhân nhượng về chủ quyền quốc gia.", False),
            ("Đa phương hoá, đa dạng hoá quan hệ ngày nay kế thừa tư tưởng này.", True),
            ("Đối thoại, hợp tác cùng có lợi là cách thức phù hợp để thực hiện tư tưởng này.", True),
        ],
        "Nhân nhượng có nguyên tắc, không bao giờ nhân nhượng về chủ quyền, độc lập dân tộc.",
    )
    author.essay(
        "understand",
        "Trình bày những điểm chính trong chính sách đối ngoại của Việt Nam từ năm 1986 đến nay và nêu hai thành tựu tiêu biểu.",
        [
            ("Nêu đúng phương châm độc lập, tự chủ, đa phương hoá, đa dạng hoá", "0.5"),
            (
                "Nêu được chủ trương là bạn, đối tác tin cậy, thành viên có trách nhiệm của cộng đồng quốc tế",
                "0.5",
            ),
            ("Nêu đúng hai thành tựu kèm mốc thời gian", "0.5"),
            ("Trình bày rõ ràng, có liên hệ với bối cảnh", "0.5"),
        ],
        "Có thể nêu: gia nhập ASEAN (1995), bình thường hoá quan hệ với Hoa Kì (1995), gia nhập APEC (1998), WTO (2007), Uỷ viên không thường trực Hội đồng Bảo an (2008 – 2009, 2020 – 2021).",
        max_words=300,
    )
