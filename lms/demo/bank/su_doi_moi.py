"""Lịch sử 12, topic 4: Đổi mới in Vietnam since 1986."""

from __future__ import annotations

from lms.demo import pictures
from lms.demo.bank.shapes import Author, DemoItem

TOPIC = "SU12.4"


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
        "Đường lối Đổi mới của Đảng Cộng sản Việt Nam được đề ra tại đại hội nào?",
        "Đại hội đại biểu toàn quốc lần thứ VI (1986)",
        [
            "Đại hội đại biểu toàn quốc lần thứ IV (1976)",
            "Đại hội đại biểu toàn quốc lần thứ V (1982)",
            "Đại hội đại biểu toàn quốc lần thứ VII (1991)",
        ],
        "Đại hội VI (12/1986) mở đầu công cuộc Đổi mới đất nước.",
    )
    author.choice(
        "know",
        "Trọng tâm của công cuộc Đổi mới ở Việt Nam từ năm 1986 là đổi mới về",
        "kinh tế",
        ["chính trị", "văn hoá", "giáo dục"],
        "Đổi mới toàn diện, đồng bộ nhưng trọng tâm là đổi mới kinh tế.",
    )
    author.choice(
        "know",
        "Ba chương trình kinh tế lớn được đề ra tại Đại hội VI (1986) là lương thực – thực phẩm, hàng tiêu dùng và",
        "hàng xuất khẩu",
        ["công nghiệp nặng", "giao thông vận tải", "khoa học – công nghệ"],
        "Ba chương trình kinh tế: lương thực – thực phẩm, hàng tiêu dùng, hàng xuất khẩu.",
    )
    author.choice(
        "know",
        "Nền kinh tế mà Việt Nam xây dựng trong công cuộc Đổi mới là",
        "kinh tế thị trường định hướng xã hội chủ nghĩa",
        [
            "kinh tế kế hoạch hoá tập trung, quan liêu, bao cấp",
            "kinh tế thị trường tự do không có Nhà nước quản lí",
            "kinh tế tự cấp, tự túc khép kín trong từng vùng",
        ],
        "Đây là mô hình kinh tế tổng quát của Việt Nam trong thời kì quá độ lên chủ nghĩa xã hội.",
    )
    author.choice(
        "know",
        "Trước năm 1986, nền kinh tế Việt Nam vận hành chủ yếu theo cơ chế nào?",
        "Kế hoạch hoá tập trung, quan liêu, bao cấp",
        [
            "Thị trường có sự quản lí của Nhà nước",
            "Thị trường tự do cạnh tranh hoàn toàn",
            "Kinh tế hàng hoá nhiều thành phần",
        ],
        "Cơ chế kế hoạch hoá tập trung, quan liêu, bao cấp là một nguyên nhân dẫn tới khủng hoảng kinh tế – xã hội.",
    )
    author.choice(
        "know",
        "Việt Nam trở thành thành viên chính thức của Tổ chức Thương mại Thế giới (WTO) vào năm nào?",
        "Năm 2007",
        ["Năm 1995", "Năm 1998", "Năm 2015"],
        "Việt Nam chính thức là thành viên thứ 150 của WTO từ ngày 11/1/2007.",
    )


def _understood(author: Author) -> None:
    author.choice(
        "understand",
        "Nguyên nhân chủ yếu đặt ra yêu cầu phải tiến hành Đổi mới đất nước vào năm 1986 là",
        "tình trạng khủng hoảng kinh tế – xã hội kéo dài ở trong nước",
        [
            "sức ép của các nước lớn buộc Việt Nam thay đổi chế độ chính trị",
            "sự tan rã của Liên Xô và các nước xã hội chủ nghĩa ở Đông Âu",
            "yêu cầu phải gia nhập Hiệp hội các quốc gia Đông Nam Á ngay",
        ],
        "Trước Đổi mới, đất nước lâm vào khủng hoảng kinh tế – xã hội; Liên Xô tan rã năm 1991, sau khi Đổi mới đã bắt đầu.",
    )
    author.choice(
        "understand",
        "Quan điểm đổi mới “không phải là thay đổi mục tiêu chủ nghĩa xã hội” có nghĩa là",
        "thực hiện mục tiêu ấy bằng những hình thức, bước đi phù hợp",
        [
            "giữ nguyên cơ chế quản lí kinh tế kế hoạch hoá tập trung cũ",
            "đổi mới hệ thống chính trị trước rồi mới đổi mới về kinh tế",
            "xoá bỏ hoàn toàn vai trò quản lí của Nhà nước về kinh tế",
        ],
        "Đổi mới là làm cho mục tiêu được thực hiện có hiệu quả bằng quan niệm đúng đắn, hình thức, bước đi và biện pháp thích hợp.",
    )
    author.choice(
        "understand",
        "Việc Việt Nam từ nước thiếu lương thực trở thành nước xuất khẩu gạo vào năm 1989 chứng tỏ điều gì?",
        "Đường lối Đổi mới bước đầu phát huy hiệu quả trong nông nghiệp",
        [
            "Việt Nam đã hoàn thành sự nghiệp công nghiệp hoá đất nước",
            "Kinh tế tập trung, bao cấp đã phát huy được tính ưu việt",
            "Việt Nam đã trở thành một nước có thu nhập bình quân cao",
        ],
        "Chính sách khoán và chương trình lương thực – thực phẩm khuyến khích nông dân phát triển sản xuất.",
    )
    author.choice(
        "understand",
        "Việc phát triển kinh tế nhiều thành phần trong thời kì Đổi mới nhằm mục đích chủ yếu nào?",
        "Huy động mọi nguồn lực của xã hội cho phát triển sản xuất",
        [
            "Xoá bỏ vai trò của khu vực kinh tế nhà nước, kinh tế tập thể",
            "Tạo điều kiện để tư bản nước ngoài chi phối nền kinh tế",
            "Khôi phục cơ chế phân phối bình quân trong toàn xã hội",
        ],
        "Thừa nhận nhiều thành phần kinh tế giúp giải phóng lực lượng sản xuất và huy động nguồn lực xã hội.",
    )
    author.choice(
        "understand",
        "Đổi mới về chính trị ở Việt Nam hướng tới nội dung nào sau đây?",
        "Xây dựng Nhà nước pháp quyền của dân, do dân, vì dân",
        [
            "Thực hiện chế độ đa nguyên chính trị trong cả nước",
            "Thay đổi mục tiêu và con đường phát triển đất nước",
            "Xoá bỏ hệ thống tổ chức chính quyền ở cơ sở xã, phường",
        ],
        "Đổi mới chính trị nhằm xây dựng Nhà nước pháp quyền xã hội chủ nghĩa, phát huy quyền làm chủ của nhân dân.",
    )
    author.choice(
        "understand",
        "Chủ trương công nghiệp hoá, hiện đại hoá đất nước được đẩy mạnh từ năm 1996 dựa trên cơ sở nào?",
        "Đất nước đã ra khỏi khủng hoảng kinh tế – xã hội nghiêm trọng",
        [
            "Việt Nam đã trở thành một nước công nghiệp phát triển hiện đại",
            "Việt Nam đã gia nhập đầy đủ các tổ chức kinh tế trên thế giới",
            "Nền nông nghiệp không còn giữ vai trò gì trong kinh tế nước nhà",
        ],
        "Đại hội VIII (1996) nhận định nước ta đã ra khỏi khủng hoảng, cho phép chuyển sang thời kì đẩy mạnh công nghiệp hoá, hiện đại hoá.",
    )


def _applied(author: Author) -> None:
    author.choice(
        "apply",
        "Bài học “lấy dân làm gốc” trong công cuộc Đổi mới được hiểu đúng nhất là",
        "mọi chủ trương phải xuất phát từ lợi ích và nguyện vọng của nhân dân",
        [
            "Nhà nước chăm lo cho người dân toàn bộ các nhu cầu về đời sống",
            "người dân tự quyết định mọi vấn đề mà không cần có pháp luật",
            "chỉ phát triển những ngành kinh tế có đông người lao động tham gia",
        ],
        "Đổi mới là sự nghiệp của dân, do dân và vì dân; phát huy vai trò chủ động, sáng tạo của nhân dân.",
    )
    author.choice(
        "apply",
        "Điểm khác biệt cơ bản giữa cơ chế kinh tế trước và sau năm 1986 ở Việt Nam là",
        "vai trò của thị trường và quyền tự chủ của các đơn vị sản xuất",
        [
            "sự lãnh đạo của Đảng đối với công cuộc xây dựng đất nước",
            "mục tiêu xây dựng đất nước theo con đường xã hội chủ nghĩa",
            "việc coi trọng sản xuất nông nghiệp và bảo đảm lương thực",
        ],
        "Sau Đổi mới, thị trường được thừa nhận, các đơn vị kinh tế tự chủ sản xuất, kinh doanh thay cho chỉ tiêu pháp lệnh.",
    )
    author.choice(
        "apply",
        "Thách thức nào đặt ra cho Việt Nam khi hội nhập quốc tế sâu rộng?",
        "Sức ép cạnh tranh và nguy cơ phai nhạt bản sắc văn hoá",
        [
            "Không thể tiếp cận vốn và công nghệ của bên ngoài",
            "Không được tham gia vào các tổ chức của khu vực",
            "Thị trường xuất khẩu bị thu hẹp ở tất cả các nước",
        ],
        "Hội nhập tạo cơ hội về vốn, công nghệ, thị trường song cũng đem lại sức ép cạnh tranh và những tác động về văn hoá, môi trường.",
    )
    author.choice(
        "apply",
        "So sánh công cuộc Đổi mới ở Việt Nam và cải tổ ở Liên Xô (từ năm 1985), điểm khác biệt là Việt Nam",
        "lấy đổi mới kinh tế làm trọng tâm, từng bước đổi mới chính trị",
        [
            "tiến hành cải cách khi đất nước đang ở đỉnh cao phát triển",
            "chỉ thay đổi nhân sự lãnh đạo mà không thay đổi về cơ chế",
            "thực hiện đa nguyên chính trị ngay từ khi mới bắt đầu đổi mới",
        ],
        "Việt Nam giữ vững ổn định chính trị, lấy đổi mới kinh tế làm trọng tâm với bước đi phù hợp.",
    )
    author.choice(
        "apply",
        "Nhận định nào đánh giá đúng thành tựu của công cuộc Đổi mới từ năm 1986 đến nay?",
        "Tạo những thay đổi to lớn, có ý nghĩa lịch sử cho sự phát triển đất nước",
        [
            "Giải quyết triệt để mọi khó khăn, yếu kém về kinh tế và xã hội của đất nước",
            "Chỉ có kết quả về kinh tế, không làm thay đổi đời sống xã hội và đối ngoại",
            "Đưa Việt Nam trở thành cường quốc công nghiệp hàng đầu ở châu Á hiện nay",
        ],
        "Đổi mới đạt thành tựu to lớn nhưng vẫn còn nhiều hạn chế, thách thức cần tiếp tục giải quyết.",
    )


def _groups(author: Author) -> None:
    line = pictures.timeline(["1986", "1991", "1996", "2006"])
    author.group(
        "know",
        "Trục thời gian ghi bốn kì Đại hội đại biểu toàn quốc của Đảng trong thời kì Đổi mới: (1) Đại hội VI; (2) Đại hội VII; (3) Đại hội VIII; (4) Đại hội X.",
        [
            ("Đại hội ở mốc (1) đề ra đường lối Đổi mới.", True),
            (
                "Đại hội ở mốc (2) thông qua Cương lĩnh xây dựng đất nước trong thời kì quá độ lên chủ nghĩa xã hội.",
                True,
            ),
            ("Đại hội ở mốc (3) chủ trương đẩy mạnh công nghiệp hoá, hiện đại hoá.", True),
            ("Việt Nam gia nhập WTO trước khi Đại hội ở mốc (1) diễn ra.", False),
        ],
        "Việt Nam gia nhập WTO năm 2007; Cương lĩnh được thông qua tại Đại hội VII (1991).",
        picture=(line, "Trục thời gian với bốn mốc đánh số: 1986, 1991, 1996, 2006"),
    )
    author.group(
        "understand",
        "Tư liệu: “Từ chỗ nhà nước bao cấp cho đến tem phiếu từng cân gạo, các hộ gia đình được giao quyền tự chủ, chợ búa đông đúc trở lại, hàng hoá lưu thông giữa các vùng. "
        "Sự thay đổi bắt đầu từ cách nghĩ.” (Tư liệu biên soạn về những năm đầu Đổi mới)",
        [
            ("Tư liệu đề cập sự thay đổi từ cơ chế bao cấp sang cơ chế thị trường.", True),
            ("Theo tư liệu, đổi mới tư duy là khởi đầu của sự thay đổi.", True),
            ("Tem phiếu là hình thức phân phối đặc trưng của kinh tế thị trường.", False),
            ("Tư liệu cho thấy giao lưu hàng hoá giữa các vùng bị hạn chế hơn trước.", False),
        ],
        "Tem phiếu là hình thức phân phối của thời bao cấp; đổi mới bắt đầu từ đổi mới tư duy, nhất là tư duy kinh tế.",
    )
    author.group(
        "understand",
        "Xét các thành tựu của Việt Nam sau gần 40 năm Đổi mới.",
        [
            (
                "Việt Nam thoát khỏi tình trạng nước nghèo, trở thành nước đang phát triển có thu nhập trung bình.",
                True,
            ),
            ("Tỉ lệ hộ nghèo giảm mạnh so với thời kì trước Đổi mới.", True),
            ("Cơ cấu kinh tế chuyển dịch theo hướng tăng tỉ trọng công nghiệp và dịch vụ.", True),
            ("Khoảng cách giàu nghèo giữa các vùng miền đã được xoá bỏ hoàn toàn.", False),
        ],
        "Chênh lệch phát triển giữa các vùng miền vẫn là một thách thức.",
    )
    author.group(
        "apply",
        "Khi thảo luận về bài học của công cuộc Đổi mới, một nhóm học sinh nêu các ý kiến sau.",
        [
            ("Kết hợp sức mạnh dân tộc với sức mạnh thời đại là bài học còn nguyên giá trị.", True),
            ("Chủ động hội nhập quốc tế phải gắn với giữ vững độc lập, tự chủ.", True),
            ("Tăng trưởng kinh tế cần được ưu tiên tuyệt đối, kể cả khi phải hi sinh môi trường.", False),
            ("Đổi mới chỉ là nhiệm vụ của những năm 1986 – 1996, nay đã kết thúc.", False),
        ],
        "Phát triển bền vững đòi hỏi gắn tăng trưởng với tiến bộ xã hội và bảo vệ môi trường; Đổi mới là quá trình lâu dài.",
    )
