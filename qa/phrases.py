"""Words that any Vietnamese text may hold, for collections too small to have met them all.

`QUESTIONS` are what questions are made of and articles hardly hold; `COMMON` are everyday words
of several syllables. Both only help to tell apart words that are typed alike.
"""

from functools import cache

from index.text import fold, key

QUESTIONS = (
    "là gì|gì|cái gì|điều gì|những gì|tên gì|tên là gì|gọi là gì|nghĩa là gì|làm gì|để làm gì"
    "|loại gì|nghề gì|chức gì|có gì|bằng gì|gồm những gì|là ai|ai là|ai đã|của ai|với ai|bởi ai"
    "|người nào|nào|khi nào|năm nào|ngày nào|tháng nào|lúc nào|thời gian nào|thế kỷ nào|bao giờ"
    "|từ khi nào|vào năm nào|vào ngày nào|vào thời gian nào|kể từ khi nào|nơi nào|nước nào"
    "|quốc gia nào|thành phố nào|tỉnh nào|ở đâu|đâu là|từ đâu|tại đâu|đến đâu|nằm ở đâu"
    "|bao nhiêu|là bao nhiêu|có bao nhiêu|bao nhiêu người|bao nhiêu phần trăm|bao lâu|bao xa"
    "|mấy|có mấy|vì sao|tại sao|lý do|nguyên nhân|như thế nào|thế nào|ra sao|bằng cách nào"
    "|làm sao|làm thế nào|cách nào|có phải|phải không|được không|hay không|không|có thể"
    "|hãy cho biết|cho biết|là người nào|trường nào|công ty nào|tổ chức nào|đội nào|loại nào"
    "|gì để|gì cho|được gọi là|được đặt tên|đầu tiên|lớn nhất|nhiều nhất|cao nhất|dài nhất|thuộc về"
    "|thuộc tỉnh nào|xảy ra|diễn ra|đã làm gì|ai|diện tích|dân số|sinh năm nào|mất năm nào"
    "|đảng nào|mức nào|con gì|bài hát nào|bộ phim nào|cuốn sách nào|giải thưởng nào|hãng nào"
    "|bao nhiêu mét|bao nhiêu tấn|bao nhiêu tuổi|bao nhiêu năm|bao nhiêu ngày|bao nhiêu lần"
    "|bao nhiêu tiền|bao nhiêu đồng|bao nhiêu nước|bao nhiêu tỉnh|bao nhiêu loại|bao nhiêu độ"
    "|bao nhiêu giờ|bao nhiêu phút|cao bao nhiêu|dài bao nhiêu|rộng bao nhiêu|nặng bao nhiêu"
    "|sâu bao nhiêu|cách bao nhiêu|đỉnh núi|đỉnh cao"
    "|ngôn ngữ nào|môn nào|quận nào|huyện nào|sông nào|đảo nào|vua nào|trận nào|luật nào"
    "|loài nào|loài gì|bao nhiêu loài|vị trí nào|từ gì|chữ gì|viết tắt của từ gì|viết tắt"
    "|danh hiệu gì|giải gì|chất gì|khí gì|cây gì|hoa gì|món gì|bao nhiêu đội"
    "|bao nhiêu trận|bao nhiêu bàn"
)

COMMON = """
an ninh|an toàn|anh em|anh hùng|anh ta|anh trai|ba mẹ|ban hành|ban đêm|ban đầu|bao gồm|biên giới
biến mất|biến đổi|biểu diễn|biểu tình|biểu tượng|biện pháp|buôn bán|buổi sáng|buổi tối|bà ấy
bài báo|bài hát|bài học|bài tập|bài viết|bàn bạc|bác bỏ|bác sĩ|bán hàng|báo chí|báo cáo|bãi bỏ
bên cạnh|bên ngoài|bên nào|bên trong|bình luận|bình thường|bí mật|bóng đá|bạn bè|bản thân|bản án
bản đồ|bảo hiểm|bảo tàng|bảo tồn|bảo vệ|bảo đảm|bất ngờ|bầu cử|bầu trời|bắt buộc|bắt giữ|bắt đầu
bằng chứng|bằng cấp|bệnh nhân|bệnh viện|bị bắt|bị cáo|bị thương|bồi thường|bộ phim|bộ phận
bộ trưởng|bộ đội|bởi vì|bức tranh|bữa tối|bữa ăn|ca khúc|ca sĩ|cao tuổi|cao tốc|cha mẹ|cha đẻ
chi phí|chi tiết|chia sẻ|chiếm đóng|chiến dịch|chiến lược|chiến sĩ|chiến thắng|chiến tranh
chiến đấu|chiều cao|chiều dài|cho các|cho phép|cho rằng|cho đến|chuyên gia|chuyến bay|chuyến đi
chuyển sang|chuyển đến|chuyển đổi|chuyện gì|chuẩn bị|chính phủ|chính quyền|chính sách|chính thống
chính thức|chính trị|chính xác|chú ý|chúng ta|chúng tôi|chăm sóc|chương trình|chảy qua|chấm dứt
chất lượng|chất thải|chết người|chỉ huy|chỉ số|chỉ đạo|chọn lựa|chống lại|chủ nghĩa|chủ nhật
chủ trương|chủ tịch|chủ yếu|chủ đề|chức năng|chức vụ|chứng khoán|chứng minh|chứng nhận|con cái
con gái|con người|con nuôi|con số|con trai|con vật|con đường|cung cấp|cuối cùng|cuối năm
cuối thế kỷ|cuối tuần|cuộc chiến|cuộc họp|cuộc sống|cuộc thi|cuộc đời|cá nhân|các công ty|các loại
các nước|các quốc gia|các thành phố|các tổ chức|cách mạng|cách thức|cân nặng|cây cối|có được|cô ấy
công an|công bố|công chúa|công cụ|công dân|công giáo|công khai|công nghiệp|công nghệ|công nhân
công nhận|công suất|công trình|công ty|công tác|công viên|công việc|cùng với|căn cứ|căn hộ|cơ bản
cơ cấu|cơ hội|cơ quan|cơ sở|cơ thể|cơn bão|cư dân|cường độ|cạnh tranh|cải cách|cải thiện|cảm giác
cảm thấy|cảm ơn|cảnh báo|cảnh sát|cấp cứu|cấp độ|cầm quyền|cần phải|cần thiết|cầu thủ|cố gắng
cổ phiếu|cổ phần|cổ điển|cộng hòa|cộng đồng|của bà|của các|của cô|của họ|của mình|của những|của nó
của ông|củng cố|cứu hộ|cử tri|danh hiệu|danh sách|di chuyển|di cư|di sản|di tích|diễn viên
diễn đàn|diện tích|do đó|doanh nghiệp|doanh thu|du khách|du lịch|dài hạn|dành cho|dân chủ|dân cư
dân số|dân tộc|dòng chảy|dòng sông|dùng để|dưới đây|dấu hiệu|dẫn đầu|dẫn đến|dịch bệnh|dịch vụ
dồi dào|dừng lại|dữ liệu|dự báo|dự kiến|dự trữ|dự án|dự định|dựa trên|em gái|em trai|ghi bàn
ghi nhận|gia nhập|gia súc|gia tăng|gia đình|gian lận|giao dịch|giao thông|giao tiếp|giá cả|giá trị
giá vàng|giám mục|giám sát|giám đốc|giáo dục|giáo hoàng|giáo sư|giáo viên|giải pháp|giải phóng
giải quyết|giải thích|giải thưởng|giảm giá|giảng viên|giấy phép|giấy tờ|giết chết|giết người
giới hạn|giới thiệu|giới tính|giữa hai|gây ra|góp phần|gần nhất|gần đây|gặp gỡ|gọi điện|hai bên
hi vọng|hiến pháp|hiểu biết|hiện nay|hiện nay là|hiện tượng|hiện tại|hiện đại|hiệp hội|hiệp định
hiệp ước|hiệu quả|hiệu trưởng|hoa hậu|hoàn cảnh|hoàn thành|hoàn toàn|hoàng gia|hoàng tử|hoàng đế
hoạt động|huy chương|huy động|huấn luyện|hàng hóa|hàng hải|hàng không|hàng nghìn|hàng năm|hàng đầu
hành chính|hành khách|hành trình|hành vi|hành động|hình phạt|hình thành|hình thức|hình ảnh
hòa bình|hôn nhân|hùng mạnh|hư hỏng|hướng dẫn|hướng tới|hạ viện|hạn chế|hạnh phúc|hạt nhân
hải quan|hải quân|hấp dẫn|hậu quả|hậu vệ|hằng năm|hệ thống|họ đã|học bổng|học giả|học sinh|học tập
học viện|học vị|hồ sơ|hỗ trợ|hộ gia đình|hội nghị|hội nhập|hội đồng|hợp lý|hợp pháp|hợp tác
hợp đồng|hữu ích|in ấn|khai giảng|khai thác|khi còn|khi đó|khoa học|khoáng sản|khoản tiền
khoảng cách|khu vực|khuyến cáo|khuyến khích|khác biệt|khác nhau|khách hàng|khách sạn|khám bệnh
khám phá|khán giả|kháng chiến|khí hậu|khó khăn|không chỉ|không có|không gian|không khí|không phải
không quân|không thể|không được|khả năng|khắc phục|khẳng định|khối lượng|khởi công|khởi nghiệp
khởi tố|kinh doanh|kinh nghiệm|kinh phí|kinh tế|kinh đô|kiến nghị|kiến thức|kiến trúc|kiểm soát
kiểm tra|kiện toàn|kéo dài|kì thi|ký kết|kẻ thù|kế hoạch|kế toán|kết hôn|kết luận|kết nối|kết quả
kết thúc|kể chuyện|kể cả|kể từ|kỳ thi|kỷ lục|kỷ niệm|kỹ năng|kỹ sư|kỹ thuật|la bàn|lao động
linh hoạt|liên bang|liên hệ|liên kết|liên minh|liên quan|liên tục|liên đoàn|lo ngại|loài người
loại bỏ|loại hình|luyện tập|luật pháp|luật sư|là một|là người|là những|làm việc|làn sóng|lây nhiễm
lãi suất|lãnh thổ|lãnh đạo|lên kế hoạch|lũ lụt|lưu trữ|lương thực|lượng mưa|lạm phát|lần cuối
lần thứ|lần đầu|lập trình|lễ hội|lịch sử|lịch trình|lớn hơn|lớp học|lời khuyên|lợi nhuận|lợi ích
lục địa|lựa chọn|lực lượng|ma túy|minh bạch|miền bắc|miền nam|miền trung|miễn dịch|miễn phí
mong muốn|mua bán|mua sắm|màu sắc|máy bay|máy móc|máy tính|món ăn|môi trường|môn học|môn thể thao
mùa giải|mùa hè|mùa xuân|mùa đông|mạng lưới|mạng xã hội|mạnh mẽ|mẫu vật|mặc dù|mặt trăng|mặt trận
mặt trời|mẹ đẻ|mối quan hệ|mỗi ngày|mỗi người|mỗi năm|một cách|một số|mở rộng|mục tiêu|mục đích
mức lương|mức độ|nam giới|ngay lập tức|nghi ngờ|nghiêm trọng|nghiên cứu|nghĩa vụ|nghề nghiệp
nghệ sĩ|nghệ thuật|nghỉ hưu|nghỉ ngơi|nghị quyết|nghị viện|nghị định|ngoài ra|ngoại giao|ngoại ô
nguy cơ|nguy hiểm|nguyên thủ|nguyên tắc|nguồn gốc|nguồn lực|nguồn nước|ngành nghề|ngày càng
ngày nay|ngân hàng|ngân sách|ngôi nhà|ngôi sao|ngôn ngữ|ngăn chặn|người Việt|người bán|người chơi
người chồng|người dân|người dùng|người khác|người lao động|người mua|người phụ nữ|người sáng lập
người ta|người vợ|người đàn ông|nhanh chóng|nhiên liệu|nhiều người|nhiệm kỳ|nhiệm vụ|nhiệt độ
nhiệt đới|nhu cầu|nhà báo|nhà hàng|nhà khoa học|nhà máy|nhà nước|nhà sản xuất|nhà thơ|nhà thờ
nhà trường|nhà tù|nhà vua|nhà văn|nhà ở|nhân dân|nhân loại|nhân viên|nhân vật|nhìn thấy|nhóm máu
như vậy|nhưng không|nhạc sĩ|nhận thức|nhận được|nhận định|nhập khẩu|những người|những người dân
nâng cao|nói chung|nói chuyện|nông dân|nông nghiệp|nông sản|nông thôn|năm ngoái|năng lượng
năng lực|nước ngoài|nạn nhân|nằm trong|nằm trên|nền kinh tế|nền tảng|nổi bật|nổi tiếng|nội các
nội dung|nợ xấu|nữ hoàng|phi công|phim ảnh|phong cách|phong trào|phong tục|phá sản|pháp luật
pháp lý|phát biểu|phát hiện|phát hành|phát minh|phát sinh|phát sóng|phát triển|phân biệt|phân bố
phân tích|phép tính|phê chuẩn|phê duyệt|phê phán|phía bắc|phía nam|phía tây|phía đông|phòng chống
phòng ngừa|phương Tây|phương pháp|phương tiện|phương án|phạm vi|phạt tiền|phản đối|phản ứng
phần lớn|phần mềm|phần trăm|phẫu thuật|phỏng vấn|phối hợp|phổ biến|phổ thông|phụ huynh|phụ nữ
phụ thuộc|phục hồi|phục vụ|qua đời|quan chức|quan hệ|quan sát|quan trọng|quan tâm|quan điểm
quay lại|quay trở lại|quy hoạch|quy mô|quy trình|quy tắc|quy định|quyết tâm|quyết định|quyền lợi
quyền lực|quá khứ|quá trình|quân sự|quân đội|quê hương|quản lý|quảng cáo|quảng trường|quần áo
quần đảo|quận huyện|quốc gia|quốc hội|quốc phòng|quốc tế|quốc tịch|quỹ đầu tư|ra khỏi|ra mắt
ra đời|ruộng đất|rà soát|rác thải|rõ ràng|rút lui|rượu bia|sai phạm|sau khi|sau này|sau đó
sinh học|sinh ra|sinh sống|sinh viên|siêu thị|so sánh|so với|suy giảm|suất ăn|suốt đời
sách giáo khoa|sáng kiến|sáng lập|sáng tác|sáng tạo|sáp nhập|sân bay|sân khấu|sân vận động
sâu rộng|sôi động|sản lượng|sản phẩm|sản xuất|số lượng|số người|sống lâu|sở hữu|sụp đổ|sức chứa
sức khỏe|sức mạnh|sử dụng|sử học|sửa chữa|sửa đổi|sự cố|sự kiện|sự nghiệp|sự phát triển|tai nạn
tham dự|tham gia|tham nhũng|tham quan|thanh niên|thanh toán|thanh tra|thay thế|thay vì|thay đổi
theo dõi|theo quy định|thi hành|thi đấu|thiên nhiên|thiên tai|thiết bị|thiết kế|thiết lập
thiếu niên|thiệt hại|thu hút|thu hồi|thu nhập|thu thập|thuyết trình|thuận lợi|thuật ngữ|thuật toán
thuốc lá|thuộc địa|thành công|thành lập|thành phần|thành phố|thành thị|thành tích|thành tựu
thành viên|thân thiện|thí nghiệm|thí sinh|thích hợp|thông báo|thông qua|thông thường|thông tin
thăm dò|thương gia|thương hiệu|thương mại|thương nhân|thường trực|thường xuyên|thượng nghị sĩ
thượng viện|thảm họa|thảo luận|thấp nhất|thất bại|thất nghiệp|thần thoại|thẩm phán|thẩm quyền
thận trọng|thập kỷ|thập niên|thắng lợi|thế giới|thế hệ|thế kỷ|thể chế|thể hiện|thể loại|thể thao
thị trường|thị trấn|thị xã|thỏa thuận|thống kê|thống nhất|thời gian|thời kỳ|thời tiết|thời trang
thời điểm|thời đại|thủ lĩnh|thủ môn|thủ tướng|thủ tục|thủ đô|thứ ba|thứ hai|thứ nhất|thừa nhận
thử nghiệm|thực hiện|thực phẩm|thực tế|thực vật|tin học|tin tưởng|tin tức|tiêu chuẩn|tiêu chí
tiêu dùng|tiêu thụ|tiến bộ|tiến hành|tiến vào|tiếng Anh|tiếng nói|tiếp cận|tiếp nhận|tiếp theo
tiếp tục|tiền bạc|tiền lương|tiền tệ|tiểu học|tiểu thuyết|to lớn|toàn bộ|toàn cầu|toàn quốc
trang bị|trang web|tranh chấp|tranh cãi|trao đổi|triều đại|triển khai|triển lãm|triệu chứng
trong khi|trong năm|trong suốt|trung bình|trung tâm|trung ương|truy cập|truy tố|truyền hình
truyền thông|truyền thống|trào lưu|trách nhiệm|trên thế giới|trình độ|trước khi|trước đây|trước đó
trường học|trường hợp|trường đại học|trưởng thành|trạm xá|trả lời|trải qua|trận đấu|trẻ em
trẻ tuổi|trở lại|trở nên|trở thành|trực thuộc|trực tiếp|trực tuyến|tu sĩ|tuy nhiên|tuyên bố
tuyên ngôn|tuyên truyền|tuyến đường|tuyển dụng|tuyển sinh|tuần trước|tuổi thọ|tài chính|tài khoản
tài liệu|tài nguyên|tài năng|tài sản|tàn phá|tác giả|tác phẩm|tác động|tái tạo|tây bắc|tây nam
tên gọi|tên lửa|tìm hiểu|tìm kiếm|tìm thấy|tình báo|tình cảm|tình hình|tình nguyện|tình trạng
tình yêu|tính chất|tính mạng|tòa nhà|tòa án|tôn giáo|tăng cường|tăng trưởng|tư nhân|tư pháp
tư tưởng|tư vấn|tương lai|tương tự|tương đương|tương đối|tượng đài|tạm thời|tạo ra|tạo thành
tấn công|tất cả|tập hợp|tập luyện|tập trung|tập đoàn|tỉ lệ|tỉnh thành|tốc độ|tối thiểu|tối đa
tốt nghiệp|tổ chức|tổ tiên|tổng cộng|tổng số|tổng thống|tội phạm|từ chối|từ năm|từ vựng|tử vong
tự do|tự nhiên|tỷ lệ|tỷ đồng|uy tín|vai diễn|vai trò|vi khuẩn|vi phạm|vi rút|viễn thông|việc làm
viện trợ|vàng bạc|vào năm|vì vậy|ví dụ|vòng loại|vô địch|vùng biển|vùng đất|văn bản|văn hóa
văn học|văn minh|văn phòng|vũ khí|vũ trụ|vương quốc|vượt qua|vấn đề|vận chuyển|vận hành|vận tải
vận động viên|vật chất|vật liệu|vật lý|vắc xin|về việc|vị trí|vốn đầu tư|với các|với nhau|vợ chồng
vụ án|vừa qua|xe buýt|xe lửa|xe máy|xe tải|xe đạp|xem xét|xin lỗi|xung quanh|xung đột|xuất bản
xuất hiện|xuất khẩu|xuất phát|xuất thân|xuống cấp|xác nhận|xác định|xâm lược|xã hội|xét nghiệm
xét xử|xóa bỏ|xô xát|xăng dầu|xử lý|xử phạt|y tế|yên tĩnh|yêu cầu|yếu tố|áp dụng|áp lực|âm nhạc
âm thanh|ô nhiễm|ô tô|ông bà|ông chủ|ông ấy|ý kiến|ý nghĩa|ăn cắp|ăn uống|đa dạng|đa số|đau đớn
đe dọa|đi lại|đi qua|điều chỉnh|điều hành|điều khiển|điều kiện|điều tra|điều trị|điểm số
điện thoại|điện tử|điện ảnh|đào tạo|đám cưới|đáp ứng|đã bị|đã được|đóng cửa|đóng góp|đô la|đô thị
đăng ký|đơn giản|đơn vị|đưa ra|đường bộ|đường dây|đường phố|đường sắt|được coi là|được phép
được xây dựng|đại biểu|đại diện|đại dịch|đại học|đại lý|đại sứ|đại tá|đạt được|đảm bảo|đảm nhận
đảng viên|đất nước|đất đai|đấu giá|đấu thầu|đấu tranh|đầu năm|đầu thế kỷ|đầu tiên|đầu tư|đặc biệt
đặc điểm|đặt ra|đến nay|đến năm|đề cập|đề nghị|đề xuất|đề án|địa chỉ|địa phương|địa điểm|định cư
định nghĩa|đối mặt|đối thủ|đối tác|đối tượng|đối với|đồ ăn|đồng bào|đồng bằng|đồng thời|đồng ý
đổi mới|đổi tên|độ cao|độ tuổi|độc lập|độc quyền|đội bóng|đội trưởng|đội tuyển|động lực|động vật
động đất|đột quỵ|đứng đầu|ưu tiên|ảnh hưởng|ứng dụng|ứng viên
"""


@cache
def spellings() -> dict[str, list[str]]:
    """The words of all phrases, in small letters, by their keys without diacritics."""
    found: dict[str, list[str]] = {}
    for word in sorted({*_words(QUESTIONS), *_words(COMMON)}):
        found.setdefault(fold(key(word)), []).append(word)
    return found


def _words(text: str) -> list[str]:
    return text.lower().replace("|", " ").split()
