"""Time expressions and the days that they mean on Wednesday 18 November 2026; and none."""

from datetime import date

TODAY = date(2026, 11, 18)

# An expression, and its first and last day; "-" where it is open, "newest" where none is named.
DATED = """
hôm nay | 2026-11-18 | 2026-11-18
ngày hôm nay | 2026-11-18 | 2026-11-18
hôm qua | 2026-11-17 | 2026-11-17
ngày hôm qua | 2026-11-17 | 2026-11-17
hôm kia | 2026-11-16 | 2026-11-16
ngày mai | 2026-11-19 | 2026-11-19
sáng nay | 2026-11-18 | 2026-11-18
trưa nay | 2026-11-18 | 2026-11-18
chiều nay | 2026-11-18 | 2026-11-18
tối nay | 2026-11-18 | 2026-11-18
đêm nay | 2026-11-18 | 2026-11-18
sáng qua | 2026-11-17 | 2026-11-17
chiều qua | 2026-11-17 | 2026-11-17
tối qua | 2026-11-17 | 2026-11-17
đêm qua | 2026-11-17 | 2026-11-17
sáng hôm qua | 2026-11-17 | 2026-11-17
chiều hôm qua | 2026-11-17 | 2026-11-17
tối hôm qua | 2026-11-17 | 2026-11-17
tuần này | 2026-11-16 | 2026-11-22
tuần trước | 2026-11-09 | 2026-11-15
tuần rồi | 2026-11-09 | 2026-11-15
tuần qua | 2026-11-11 | 2026-11-18
tuần vừa qua | 2026-11-11 | 2026-11-18
tuần tới | 2026-11-23 | 2026-11-29
cuối tuần trước | 2026-11-14 | 2026-11-15
cuối tuần này | 2026-11-21 | 2026-11-22
cuối tuần qua | 2026-11-14 | 2026-11-15
tháng này | 2026-11-01 | 2026-11-30
tháng trước | 2026-10-01 | 2026-10-31
tháng rồi | 2026-10-01 | 2026-10-31
tháng qua | 2026-10-18 | 2026-11-18
tháng vừa qua | 2026-10-18 | 2026-11-18
tháng tới | 2026-12-01 | 2026-12-31
năm nay | 2026-01-01 | 2026-12-31
năm ngoái | 2025-01-01 | 2025-12-31
năm kia | 2024-01-01 | 2024-12-31
năm trước | 2025-01-01 | 2025-12-31
năm qua | 2025-11-18 | 2026-11-18
năm vừa qua | 2025-11-18 | 2026-11-18
năm tới | 2027-01-01 | 2027-12-31
24 giờ qua | 2026-10-25 | 2026-11-18
3 ngày qua | 2026-11-15 | 2026-11-18
ba ngày qua | 2026-11-15 | 2026-11-18
10 ngày gần đây | 2026-11-08 | 2026-11-18
30 ngày gần nhất | 2026-10-19 | 2026-11-18
7 ngày vừa qua | 2026-11-11 | 2026-11-18
hai tuần qua | 2026-11-04 | 2026-11-18
2 tuần gần đây | 2026-11-04 | 2026-11-18
3 tháng qua | 2026-08-18 | 2026-11-18
sáu tháng qua | 2026-05-18 | 2026-11-18
12 tháng gần nhất | 2025-11-18 | 2026-11-18
5 năm qua | 2021-11-18 | 2026-11-18
năm năm qua | 2021-11-18 | 2026-11-18
mười năm gần đây | 2016-11-18 | 2026-11-18
20 năm trở lại đây | 2006-11-18 | 2026-11-18
3 ngày trước | 2026-11-15 | 2026-11-15
hai ngày trước | 2026-11-16 | 2026-11-16
2 tuần trước | 2026-11-02 | 2026-11-08
2 tháng trước | 2026-09-01 | 2026-09-30
5 năm trước | 2021-01-01 | 2021-12-31
cách đây 10 năm | 2016-01-01 | 2016-12-31
cách đây hai tháng | 2026-09-01 | 2026-09-30
cách đây 3 ngày | 2026-11-15 | 2026-11-15
30 năm về trước | 1996-01-01 | 1996-12-31
đầu năm | 2026-01-01 | 2026-04-30
giữa năm | 2026-05-01 | 2026-08-31
cuối năm | 2026-09-01 | 2026-12-31
đầu tháng | 2026-11-01 | 2026-11-10
giữa tháng | 2026-11-11 | 2026-11-20
cuối tháng | 2026-10-21 | 2026-10-31
đầu năm nay | 2026-01-01 | 2026-04-30
cuối năm ngoái | 2025-09-01 | 2025-12-31
giữa năm ngoái | 2025-05-01 | 2025-08-31
đầu năm 2024 | 2024-01-01 | 2024-04-30
giữa năm 2024 | 2024-05-01 | 2024-08-31
cuối năm 2024 | 2024-09-01 | 2024-12-31
đầu tháng 4/2024 | 2024-04-01 | 2024-04-10
giữa tháng 4/2024 | 2024-04-11 | 2024-04-20
cuối tháng 4 năm 2024 | 2024-04-21 | 2024-04-30
cuối tháng 2 năm 2023 | 2023-02-21 | 2023-02-28
cuối tháng trước | 2026-10-21 | 2026-10-31
đầu tháng này | 2026-11-01 | 2026-11-10
tháng 4/2024 | 2024-04-01 | 2024-04-30
tháng 04/2024 | 2024-04-01 | 2024-04-30
tháng 4-2024 | 2024-04-01 | 2024-04-30
tháng 4.2024 | 2024-04-01 | 2024-04-30
tháng 4 năm 2024 | 2024-04-01 | 2024-04-30
tháng 4, 2024 | 2024-04-01 | 2024-04-30
tháng tư năm 2024 | 2024-04-01 | 2024-04-30
tháng năm năm 2024 | 2024-05-01 | 2024-05-31
tháng mười một năm 2023 | 2023-11-01 | 2023-11-30
tháng mười hai năm ngoái | 2025-12-01 | 2025-12-31
tháng 2 năm 2024 | 2024-02-01 | 2024-02-29
tháng 9 năm nay | 2026-09-01 | 2026-09-30
tháng 8 năm ngoái | 2025-08-01 | 2025-08-31
tháng 4 | 2026-04-01 | 2026-04-30
tháng tư | 2026-04-01 | 2026-04-30
tháng 11 | 2026-11-01 | 2026-11-30
tháng 12 | 2025-12-01 | 2025-12-31
04/2024 | 2024-04-01 | 2024-04-30
ngày 25/5/2024 | 2024-05-25 | 2024-05-25
25/5/2024 | 2024-05-25 | 2024-05-25
25/05/2024 | 2024-05-25 | 2024-05-25
25-5-2024 | 2024-05-25 | 2024-05-25
25.5.2024 | 2024-05-25 | 2024-05-25
2024-05-25 | 2024-05-25 | 2024-05-25
ngày 29/2/2024 | 2024-02-29 | 2024-02-29
ngày 25/5 | 2026-05-25 | 2026-05-25
hôm 25/5 | 2026-05-25 | 2026-05-25
sáng 25/5 | 2026-05-25 | 2026-05-25
chiều 25/5 | 2026-05-25 | 2026-05-25
tối ngày 25/5 | 2026-05-25 | 2026-05-25
ngày 25/12 | 2025-12-25 | 2025-12-25
25 tháng 5 | 2026-05-25 | 2026-05-25
ngày 25 tháng 5 | 2026-05-25 | 2026-05-25
ngày 25 tháng 5 năm 2024 | 2024-05-25 | 2024-05-25
25 tháng 5 năm 2024 | 2024-05-25 | 2024-05-25
ngày 25 tháng 5, 2024 | 2024-05-25 | 2024-05-25
ngày 2 tháng chín năm 1945 | 1945-09-02 | 1945-09-02
ngày 30 tháng tư năm 1975 | 1975-04-30 | 1975-04-30
ngày 20 tháng 11 năm ngoái | 2025-11-20 | 2025-11-20
quý 2 năm 2024 | 2024-04-01 | 2024-06-30
quý II năm 2024 | 2024-04-01 | 2024-06-30
quý II/2024 | 2024-04-01 | 2024-06-30
quý 3/2024 | 2024-07-01 | 2024-09-30
quý IV-2023 | 2023-10-01 | 2023-12-31
quý một năm 2024 | 2024-01-01 | 2024-03-31
quý 4 năm ngoái | 2025-10-01 | 2025-12-31
quý I năm nay | 2026-01-01 | 2026-03-31
quý 3 | 2026-07-01 | 2026-09-30
nửa đầu năm 2024 | 2024-01-01 | 2024-06-30
nửa cuối năm 2024 | 2024-07-01 | 2024-12-31
nửa đầu tháng 4/2024 | 2024-04-01 | 2024-04-15
nửa cuối tháng 4/2024 | 2024-04-16 | 2024-04-30
nửa đầu năm nay | 2026-01-01 | 2026-06-30
nửa sau thế kỷ 19 | 1851-01-01 | 1900-12-31
sáu tháng đầu năm | 2026-01-01 | 2026-06-30
6 tháng đầu năm 2024 | 2024-01-01 | 2024-06-30
9 tháng đầu năm 2023 | 2023-01-01 | 2023-09-30
ba tháng đầu năm nay | 2026-01-01 | 2026-03-31
3 tháng cuối năm 2024 | 2024-10-01 | 2024-12-31
năm 2024 | 2024-01-01 | 2024-12-31
năm 1945 | 1945-01-01 | 1945-12-31
năm 1010 | 1010-01-01 | 1010-12-31
năm 938 | 0938-01-01 | 0938-12-31
năm 2021-2022 | 2021-01-01 | 2022-12-31
các năm 2021 và 2022 | 2021-01-01 | 2022-12-31
từ 2021 đến nay | 2021-01-01 | 2026-11-18
từ năm 2021 đến nay | 2021-01-01 | 2026-11-18
từ năm 1975 tới nay | 1975-01-01 | 2026-11-18
từ đầu năm đến nay | 2026-01-01 | 2026-11-18
từ tháng 4 đến nay | 2026-04-01 | 2026-11-18
từ năm 2021 đến 2023 | 2021-01-01 | 2023-12-31
từ năm 2021 đến năm 2023 | 2021-01-01 | 2023-12-31
từ 2021 đến 2023 | 2021-01-01 | 2023-12-31
từ tháng 4 đến tháng 6/2024 | 2024-04-01 | 2024-06-30
từ tháng 4 đến tháng 6 năm 2024 | 2024-04-01 | 2024-06-30
từ 1/4/2024 đến 30/6/2024 | 2024-04-01 | 2024-06-30
từ ngày 1/4/2024 đến ngày 30/6/2024 | 2024-04-01 | 2024-06-30
từ ngày 15 đến 18/12/1986 | 1986-12-15 | 1986-12-18
từ ngày 15 đến ngày 18 tháng 12 năm 1986 | 1986-12-15 | 1986-12-18
giữa năm 2021 và 2023 | 2021-01-01 | 2023-12-31
giai đoạn 2021-2025 | 2021-01-01 | 2025-12-31
giai đoạn 2021–2025 | 2021-01-01 | 2025-12-31
giai đoạn từ 2016 đến 2020 | 2016-01-01 | 2020-12-31
thời kỳ 1945-1954 | 1945-01-01 | 1954-12-31
nhiệm kỳ 2021-2026 | 2021-01-01 | 2026-12-31
những năm 2019-2024 | 2019-01-01 | 2024-12-31
từ năm 1986 | 1986-01-01 | -
kể từ năm 1986 | 1986-01-01 | -
từ tháng 7/2025 | 2025-07-01 | -
trước năm 2020 | - | 2019-12-31
trước 2020 | - | 2019-12-31
sau năm 2020 | 2021-01-01 | -
sau 1975 | 1976-01-01 | -
trước tháng 4/2024 | - | 2024-03-31
sau ngày 25/5/2024 | 2024-05-26 | -
thập niên 1990 | 1990-01-01 | 1999-12-31
thập kỷ 1990 | 1990-01-01 | 1999-12-31
thập niên 90 | 1990-01-01 | 1999-12-31
thập niên 60 của thế kỷ 20 | 1960-01-01 | 1969-12-31
những năm 1990 | 1990-01-01 | 1999-12-31
những năm 90 | 1990-01-01 | 1999-12-31
đầu những năm 1990 | 1990-01-01 | 1992-12-31
cuối những năm 1980 | 1986-01-01 | 1989-12-31
thế kỷ 20 | 1901-01-01 | 2000-12-31
thế kỷ XX | 1901-01-01 | 2000-12-31
thế kỷ thứ 10 | 0901-01-01 | 1000-12-31
thế kỷ XV | 1401-01-01 | 1500-12-31
thế kỷ XXI | 2001-01-01 | 2100-12-31
đầu thế kỷ 20 | 1901-01-01 | 1933-12-31
cuối thế kỷ XIX | 1867-01-01 | 1900-12-31
mùa hè 2023 | 2023-06-01 | 2023-08-31
mùa thu năm 1945 | 1945-09-01 | 1945-11-30
mùa đông 2022 | 2022-12-01 | 2023-02-28
hè năm ngoái | 2025-06-01 | 2025-08-31
Tết 2024 | 2024-01-14 | 2024-02-27
Tết Nguyên đán 2025 | 2025-01-14 | 2025-02-27
Tết năm nay | 2026-01-14 | 2026-02-27
thứ hai tuần trước | 2026-11-09 | 2026-11-09
thứ 2 tuần này | 2026-11-16 | 2026-11-16
thứ tư tuần trước | 2026-11-11 | 2026-11-11
chủ nhật tuần trước | 2026-11-15 | 2026-11-15
thứ bảy tuần này | 2026-11-21 | 2026-11-21
thứ sáu vừa qua | 2026-11-13 | 2026-11-13
chủ nhật vừa rồi | 2026-11-15 | 2026-11-15
gần đây | newest | newest
mới đây | newest | newest
mới nhất | newest | newest
hiện nay | newest | newest
hiện tại | newest | newest
bây giờ | newest | newest
thời gian gần đây | newest | newest
những ngày qua | newest | newest
những năm gần đây | newest | newest
"""

# Without diacritics these are read as other words, or as nothing: see `qa.date_rules`.
SPELLED_ONLY = ("sáng qua", "tối qua")

UNDATED = """
Xuất khẩu gạo đạt 5.000 tấn ở đâu?
Nghị quyết 61/2020/QH14 quy định gì?
Cửa hàng mở cửa 24/7 ở đâu?
Tỷ lệ 3/4 dân số nghĩa là gì?
Đội 1 gồm những ai?
Covid-19 lây qua đường nào?
Việt Nam thắng Thái Lan 2-1 ở đâu?
Điều 25 Bộ luật Lao động nói gì?
Quốc lộ 1 dài bao nhiêu?
Số 0912 345 678 là của ai?
Tổng đài 1900 1234 phục vụ gì?
Hai nước lập quan hệ ngoại giao năm nào?
Ngày thành lập là ngày nào, tháng nào, năm nào?
Hoa đỗ quyên nở rộ vào tháng mấy?
Lễ hội diễn ra vào tháng 4 năm nào?
Mỗi tháng 4 lần hay ít hơn?
Mỗi năm Việt Nam bán bao nhiêu tấn gạo?
Một năm có 365 ngày hay 366 ngày?
Nghị định 15/2020/NĐ-CP quy định gì?
Thông tư 5/2024/TT-BTC hướng dẫn gì?
Luật số 45/2019/QH14 có hiệu lực khi nào?
Nhà D67 dùng để làm gì?
Khu 18 Hoàng Diệu ở đâu?
Apollo 11 đáp xuống khu vực nào?
VINASAT-1 do hãng nào chế tạo?
CO2 là khí gì?
Gạo ST25 giành giải ở đâu?
Giống lúa IR8 còn gọi là gì?
SEA Games 31 tổ chức ở đâu?
U23 Việt Nam vào chung kết thế nào?
World Cup 2023 có mấy đội?
AFF Cup 2018 ai vô địch?
Olympic London 2012 có môn gì?
Đồi A1 ở đâu?
Cốc nước 37 độ C để làm gì?
Giá vàng 92,5 triệu đồng một lượng?
Lãi suất 6,5% áp dụng cho ai?
Kinh phí 1.200 tỷ đồng lấy từ đâu?
Sông dài 1.149 km là sông nào?
Núi cao 3.143 m tên gì?
Chuyến bay VN123 đi đâu?
Cửa hàng số 12 ngõ 34 phố nào?
Lớp 12A5 có bao nhiêu học sinh?
Trường THPT số 2 ở đâu?
Quận 1 giáp quận nào?
Tổ 5 khu phố 3 thuộc phường nào?
Tỷ số 0-0 có ý nghĩa gì?
Chiến thắng 3-0 thuộc về đội nào?
Set đấu 6-4 do ai thắng?
Phiên bản 2.0.1 có gì hay?
Mạng 5G phủ sóng ở đâu?
Hiệp định CPTPP gồm 11 nước nào?
Nhóm G7 gồm nước nào?
Khoản 3 Điều 7 nói gì?
Chương II gồm mấy điều?
Vua Lê Thánh Tông là ai?
Bài thơ Nam quốc sơn hà của ai?
Miền Nam có món gì ngon?
Vì sao Việt Nam trước đây nghèo?
Việt Nam nay có bao nhiêu tỉnh?
Nam Định nổi tiếng về gì?
Nam nữ bình đẳng nghĩa là gì?
Năm người bị thương là ai?
Năm trăm nghìn đồng mua được gì?
Ba ngày Tết ăn gì?
Sau 3 ngày điều trị thì sao?
Trong 5 năm lao động được gì?
Tuổi thọ 70 tuổi ở nước nào?
Trước khi uống thuốc cần làm gì?
Sau khi ăn nên làm gì?
Thứ hai là ai?
Người thứ 3 về đích là ai?
Hạng 4 thuộc về ai?
Số 13 có xui không?
Ngôi nhà 100 năm tuổi ở đâu?
Cầu Long Biên hơn trăm tuổi phải không?
Mùa hè nên đi đâu?
Mùa xuân có hoa gì?
Tết có món gì?
Tết Trung thu có bánh gì?
Giỗ Tổ mùng 10 tháng 3 âm lịch có gì?
Rằm tháng 7 cúng gì?
Tháng Giêng có lễ hội gì?
Nước Văn Lang lập năm 2879 trước Công nguyên phải không?
Từ 5 đến 10 người thì cần mấy phòng?
Từ 1500 đến 2000 người dự ở đâu?
Từ Hà Nội đến Huế bao xa?
Giữa Hà Nội và Huế có gì?
Đầu năm nào nước ta gia nhập?
Cuối tháng nào trả lương?
Lương tháng của huấn luyện viên là bao nhiêu?
Chi 3-4 triệu mỗi người để làm gì?
Cần 1/2 thìa muối hay hơn?
Chia 50/50 là thế nào?
Khung giờ 7-9 giờ cấm xe nào?
Nhiệt độ 38-40 độ kéo dài ở đâu?
Hàng ngang số 4 là ô chữ gì?
Bệnh nhân 17 là ai?
Đường cao tốc 4 làn xe ở đâu?
Quán ăn gần đây có gì?
Đảo Ti Tốp đặt theo tên ai?
viet nam thang 4 tran lien tiep nho ai?
Khoảng cách gần nhất đến Trái Đất là bao nhiêu?
Thời kỳ 505 triệu năm trước gọi là gì?
anh toi qua doi vi benh gi
tau di tu viet nam nay sang dau
""".strip().splitlines()


def dated() -> list[tuple[str, str, str]]:
    """(expression, first day, last day), "" where it is open; both "newest" for no days."""
    rows = [line.split(" | ") for line in DATED.strip().splitlines()]
    return [(said, since.strip("- "), until.strip("- ")) for said, since, until in rows]
