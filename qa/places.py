"""Names of countries and of Vietnam's provinces, as news writes them.

"Nước nào" and "tỉnh nào" ask for one of these. Names that are common words too
(Anh, Nga, Lào) count like the others: they are only looked for where they are capitalised.
"""


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in listed.replace("\n", " ").split(","))


COUNTRIES = _names("""
Afghanistan, Ai Cập, Albania, Algeria, Andorra, Angola, Anh, Antigua và Barbuda, Argentina, Armenia,
Azerbaijan, Ba Lan, Bahamas, Bahrain, Bangladesh, Barbados, Belarus, Belize, Benin, Bhutan, Bỉ,
Bolivia, Bosnia và Herzegovina, Botswana, Bồ Đào Nha, Brazil, Brunei, Bulgaria, Burkina Faso,
Burundi, Cabo Verde, Cameroon, Campuchia, Canada, Chad, Chile, Colombia, Comoros, Congo, Costa Rica,
Croatia, Cuba, Djibouti, Dominica, Đài Loan, Đan Mạch, Đông Timor, Đức, Ecuador, El Salvador,
Eritrea, Estonia, Eswatini, Ethiopia, Fiji, Gabon, Gambia, Georgia, Ghana, Gruzia, Grenada,
Guatemala, Guinea, Guyana, Haiti, Hà Lan, Hàn Quốc, Hoa Kỳ, Honduras, Hungary, Hy Lạp, Iceland,
Indonesia, Iran, Iraq, Ireland, Israel, Italia, Italy, Ý, Jamaica, Jordan, Kazakhstan, Kenya,
Kiribati, Kosovo, Kuwait, Kyrgyzstan, Lào, Latvia, Lesotho, Li Băng, Liban, Liberia, Libya,
Liechtenstein, Litva, Luxembourg, Ma Rốc, Madagascar, Malawi, Malaysia, Maldives, Mali, Malta,
Mauritania, Mauritius, Mexico, Micronesia, Moldova, Monaco, Mông Cổ, Montenegro, Morocco,
Mozambique, Mỹ, Myanmar, Na Uy, Nam Phi, Nam Sudan, Namibia, Nauru, Nepal, New Zealand, Nga, Nhật
Bản, Nhật, Nicaragua, Niger, Nigeria, Bắc Macedonia, Oman, Pakistan, Palau, Palestine, Panama, Papua
New Guinea, Paraguay, Peru, Pháp, Phần Lan, Philippines, Qatar, Quần đảo Marshall, Quần đảo Solomon,
Romania, Rumani, Rwanda, Ả Rập Xê Út, Ả Rập Saudi, Saudi Arabia, Samoa, San Marino, Senegal, Serbia,
Seychelles, Sierra Leone, Singapore, Síp, Slovakia, Slovenia, Somalia, Sri Lanka, Sudan, Suriname,
Syria, Tajikistan, Tanzania, Tây Ban Nha, Thái Lan, Thổ Nhĩ Kỳ, Thụy Điển, Thụy Sĩ, Togo, Tonga,
Triều Tiên, Trung Quốc, Tunisia, Turkmenistan, Tuvalu, Úc, Australia, Áo, UAE, Uganda, Ukraine,
Uruguay, Uzbekistan, Vanuatu, Vatican, Venezuela, Việt Nam, Yemen, Zambia, Zimbabwe, Cộng hòa Séc,
Séc, Xê Út, Các Tiểu vương quốc Ả Rập Thống nhất, Bờ Biển Ngà, Ấn Độ, Liên Xô
""")
# Since 1976, before and after the mergers of 2008 and 2025: articles of every year are read.
PROVINCES = _names("""
An Giang, Bà Rịa - Vũng Tàu, Bạc Liêu, Bắc Giang, Bắc Kạn, Bắc Ninh, Bến Tre, Bình Dương, Bình Định,
Bình Phước, Bình Thuận, Cà Mau, Cao Bằng, Cần Thơ, Đà Nẵng, Đắk Lắk, Đắk Nông, Điện Biên, Đồng Nai,
Đồng Tháp, Gia Lai, Hà Giang, Hà Nam, Hà Nội, Hà Tây, Hà Tĩnh, Hải Dương, Hải Phòng, Hậu Giang, Hòa
Bình, Huế, Hưng Yên, Khánh Hòa, Kiên Giang, Kon Tum, Lai Châu, Lạng Sơn, Lào Cai, Lâm Đồng, Long An,
Nam Định, Nghệ An, Ninh Bình, Ninh Thuận, Phú Thọ, Phú Yên, Quảng Bình, Quảng Nam, Quảng Ngãi, Quảng
Ninh, Quảng Trị, Sóc Trăng, Sơn La, Tây Ninh, Thái Bình, Thái Nguyên, Thanh Hóa, Thừa Thiên Huế,
Tiền Giang, Hồ Chí Minh, TP.HCM, Sài Gòn, Trà Vinh, Tuyên Quang, Vĩnh Long, Vĩnh Phúc, Yên Bái
""")
