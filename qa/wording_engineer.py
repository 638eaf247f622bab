"""What the engineer's tab says, and the form that lets an editor or engineer in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineerPhrases:
    """In one language; `{…}` is filled in by those who show it."""

    tab: str
    # the form of the password
    who: str
    password: str
    enter: str
    leave: str
    wrong_password: str
    too_many_tries: str
    not_allowed: str
    # what to run
    intro: str
    questions: str
    sample: str
    thumbs: str
    upload: str
    upload_info: str
    took_questions: str
    not_questions: str
    systems: str
    slices: str
    run: str
    choose: str
    system_names: dict[str, str]
    slice_names: dict[str, str]
    # what came out
    results: str
    no_runs: str
    show_run: str
    against: str
    against_none: str
    run_name: str
    download_json: str
    download_html: str
    report: str
    comparison: str
    cannot_compare: str
    none_fell: str
    some_fell: str
    then: str
    now: str
    interval_low: str
    fell: str


VIETNAMESE = EngineerPhrases(
    tab="Đánh giá",
    who="Phần này dành cho người biên tập và kỹ sư.",
    password="Mật khẩu",
    enter="Vào",
    leave="Ra khỏi phần này",
    wrong_password="Mật khẩu không đúng.",
    too_many_tries="Sai mật khẩu quá nhiều lần. Xin thử lại sau năm phút.",
    not_allowed="Phần này cần mật khẩu của người biên tập. Xin vào lại.",
    intro=(
        "Hỏi một loạt câu đã biết bài trả lời, qua đúng cách tìm của trang trò chuyện, rồi đếm xem"
        " bài ấy đứng thứ mấy."
    ),
    questions="Bộ câu hỏi",
    sample="Bộ mẫu, hỏi trên các bài mẫu",
    thumbs="Góp ý của bạn đọc, hỏi trên chỉ mục này",
    upload="Tải bộ câu hỏi lên",
    upload_info=(
        "Tệp .jsonl: mỗi dòng một câu có “question” và “article” hoặc “answer_sentence”, hỏi trên"
        " chỉ mục này. Tệp .json theo dạng SQuAD: hỏi trên chính các đoạn trong tệp."
    ),
    took_questions="Đã nhận {name}: {count} câu hỏi.",
    not_questions="Không dùng được {name}: {why}",
    systems="Cách tìm; cách đầu được so với các cách sau",
    slices="Cách gõ câu hỏi",
    run="Chạy đánh giá",
    choose="Hãy chọn một bộ câu hỏi, ít nhất một cách tìm và một cách gõ.",
    system_names={
        "full": "đầy đủ, như trang trò chuyện",
        "lexical": "chỉ theo chữ",
        "dense": "chỉ theo nghĩa",
        "fusion": "cộng chữ và nghĩa",
        "baseline": "cách trong sách giáo khoa",
    },
    slice_names={
        "as_written": "đúng như viết",
        "khong_dau": "không dấu",
        "half_dau": "thiếu nửa số dấu",
        "telex": "phím Telex",
        "vni": "phím VNI",
        "typos": "lỗi gõ",
        "nfd": "dấu tách rời (NFD)",
        "tone_placement": "dấu đặt kiểu khác",
    },
    results="Kết quả",
    no_runs="Chưa có lần chạy nào.",
    show_run="Lần chạy",
    against="So với",
    against_none="không so",
    run_name="{time} · {dataset}, {count} câu · {systems}",
    download_json="Tải số liệu (JSON)",
    download_html="Tải báo cáo (HTML)",
    report="Báo cáo",
    comparison="So với lần {time}",
    cannot_compare="Hai lần này không so được: câu hỏi khác nhau, hoặc không có cách tìm chung.",
    none_fell="Không số nào tụt xuống dưới khoảng tin cậy 95% của lần trước.",
    some_fell="{count} số tụt xuống dưới khoảng tin cậy 95% của lần trước.",
    then="trước",
    now="nay",
    interval_low="cận dưới trước",
    fell="tụt",
)

ENGLISH = EngineerPhrases(
    tab="Evaluation",
    who="This part is for editors and engineers.",
    password="Password",
    enter="Enter",
    leave="Leave this part",
    wrong_password="The password is wrong.",
    too_many_tries="Too many wrong passwords. Please try again in five minutes.",
    not_allowed="This part needs the editor's password. Please enter again.",
    intro=(
        "Asks questions whose article is known, through the very search of the chat, and counts at"
        " which rank that article stands."
    ),
    questions="Questions",
    sample="The sample's, asked on the sample's articles",
    thumbs="Readers' thumbs, asked on this index",
    upload="Upload questions",
    upload_info=(
        "A .jsonl file: a line for each question, with “question” and “article” or"
        " “answer_sentence”, asked on this index. A .json file in the form of SQuAD: asked on its"
        " own paragraphs."
    ),
    took_questions="Took {name}: {count} questions.",
    not_questions="{name} cannot be used: {why}",
    systems="Systems; the first is compared with the others",
    slices="Ways of typing",
    run="Run",
    choose="Please choose questions, at least one system and one way of typing.",
    system_names={
        "full": "full, as in the chat",
        "lexical": "lexical alone",
        "dense": "dense alone",
        "fusion": "lexical and dense summed",
        "baseline": "the textbook script",
    },
    slice_names={
        "as_written": "as written",
        "khong_dau": "without diacritics",
        "half_dau": "half the diacritics",
        "telex": "Telex keys",
        "vni": "VNI keys",
        "typos": "slips",
        "nfd": "decomposed (NFD)",
        "tone_placement": "other tone placement",
    },
    results="Results",
    no_runs="Nothing was run yet.",
    show_run="Run",
    against="Against",
    against_none="nothing",
    run_name="{time} · {dataset}, {count} questions · {systems}",
    download_json="Download the figures (JSON)",
    download_html="Download the report (HTML)",
    report="Report",
    comparison="Against the run of {time}",
    cannot_compare="These runs cannot be compared: other questions, or no system in common.",
    none_fell="No metric fell below the 95 % interval that it had then.",
    some_fell="Metrics below the 95 % interval that they had then: {count}.",
    then="then",
    now="now",
    interval_low="interval from",
    fell="fell",
)
