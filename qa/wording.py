"""All that the chat itself says, in Vietnamese and in English. Articles stay as they are."""

from dataclasses import dataclass

from qa import wording_editor, wording_engineer, wording_jobs, wording_report
from qa.wording_editor import EditorPhrases
from qa.wording_engineer import EngineerPhrases
from qa.wording_jobs import JobPhrases
from qa.wording_report import ReportPhrases


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of the interface in one language; `{…}` is filled in by the one who shows them."""

    code: str
    # the page
    motto: str
    new: str
    history: str
    switch: str  # to the other language, in that language
    conversation: str
    input: str
    placeholder: str
    send: str
    stop: str
    start: str
    try_asking: str
    how_to_ask: str
    # what an index holds
    articles: str
    outlets: str
    more_outlets: str
    dated: str
    dated_span: str
    month: str
    year: str
    from_day: str
    to_day: str
    # a question and its answer
    you_asked: str
    edit: str
    waiting: str
    answer: str
    searching_for: str
    as_typed: str
    searched_as_typed: str
    follows: str
    drop_before: str
    further: str
    near: str
    reprints: str
    untitled: str
    original: str
    new_tab: str
    read: str
    copy: str
    link: str
    share: str
    # dates, outlets and filters
    only: str
    preferred: str
    published: str
    newest: str
    drop: str
    filter: str
    filtered: str
    since: str
    until: str
    outlet: str
    any_outlet: str
    one_article: str
    within: str
    apply: str
    clear: str
    nothing_left: str
    searched_beyond: str
    bad_filter: str
    # instead of an answer
    not_found: str
    failed: str
    too_long: str
    too_many: str
    too_slow: str
    stopped: str
    empty: str
    # to what is no question
    greeting: str
    thanking: str
    parting: str
    who_am_i: str
    bad_call: str
    # an article
    article: str
    full_text: str
    close: str
    close_article: str
    previous: str
    next: str
    changed: str
    part: str
    gone: str
    # thumbs
    was_it_right: str
    right: str
    wrong: str
    this_one: str
    why: str
    send_reason: str
    thanks: str
    not_kept: str
    # said by the page's own script
    copied: str
    link_copied: str
    cannot_copy: str
    no_history: str
    asked_here: str
    forget: str
    forget_all: str
    lost_title: str
    lost: str
    busy: str
    trouble: str
    # the other tabs
    chat: str
    jobs: JobPhrases
    editor: EditorPhrases
    engineer: EngineerPhrases
    report: ReportPhrases


VIETNAMESE = Phrases(
    code="vi",
    motto="Hỏi một câu, đọc đúng đoạn báo trả lời.",
    new="Cuộc trò chuyện mới",
    history="Lịch sử",
    switch="English",
    conversation="Cuộc trò chuyện",
    input="Câu hỏi",
    placeholder="Bạn muốn hỏi gì?",
    send="Hỏi",
    stop="Dừng",
    start="Bắt đầu",
    try_asking="Thử hỏi",
    how_to_ask=(
        "Gõ câu hỏi bằng tiếng Việt, có dấu hay không dấu. Câu trả lời là đoạn trích nguyên văn"
        " từ bài báo, kèm nguồn."
    ),
    articles="{count} bài",
    outlets="nguồn: {names}",
    more_outlets=" và {count} nguồn khác",
    dated="đăng {first}",
    dated_span="đăng từ {first} đến {last}",
    month="tháng {month}/{year}",
    year="năm {year}",
    from_day="từ {day}",
    to_day="đến {day}",
    you_asked="Bạn hỏi: ",
    edit="Sửa câu hỏi",
    waiting="Đang tìm…",
    answer="Câu trả lời",
    searching_for="Đang tìm: ",
    as_typed="Tìm đúng như đã gõ",
    searched_as_typed="Đã tìm đúng như đã gõ",
    follows="Hỏi tiếp: {question}",
    drop_before="Hỏi riêng câu này, không theo các câu trước",
    further="{count} đoạn trích khác",
    near="Có thể liên quan ({count})",
    reprints="và {count} bài trùng nội dung",
    untitled="Bài không có tiêu đề",
    original="Bài gốc",
    new_tab=" (mở trong thẻ mới)",
    read="Đọc trong bài",
    copy="Sao chép trích dẫn",
    link="Liên kết",
    share="Chia sẻ",
    only="Chỉ tìm: {what}",
    preferred="Ưu tiên: {what}",
    published="bài đăng {when}",
    newest="bài mới nhất",
    drop="Bỏ “{what}” và hỏi lại",
    filter="Lọc",
    filtered="Chỉ tìm trong phạm vi lọc.",
    since="Từ ngày",
    until="Đến ngày",
    outlet="Nguồn",
    any_outlet="Mọi nguồn",
    one_article="bài “{title}”",
    within="Hỏi trong bài này",
    apply="Áp dụng",
    clear="Bỏ lọc",
    nothing_left="Không có bài nào trong phạm vi lọc. Xin nới hoặc bỏ bộ lọc.",
    searched_beyond=(
        "Các bài đúng ngày đăng hoặc nguồn nêu trong câu hỏi không có câu trả lời; đây là kết quả"
        " từ những bài khác."
    ),
    bad_filter=(
        "Bộ lọc không dùng được: ngày viết như 2024-05-25, ngày đầu không sau ngày cuối, nguồn và"
        " bài phải có trong bộ sưu tập."
    ),
    not_found="Không tìm thấy câu trả lời trong các bài đã lập chỉ mục.",
    failed="Có lỗi khi tìm câu trả lời. Xin hỏi lại sau ít phút; lỗi đã được ghi vào nhật ký.",
    too_long="Câu hỏi dài {length} ký tự. Xin rút gọn còn tối đa {limit} ký tự.",
    too_many="Bạn hỏi nhanh quá. Xin chờ vài giây rồi hỏi lại.",
    too_slow="Máy chủ đang bận nên chưa trả lời kịp. Xin hỏi lại sau ít phút.",
    stopped="Đã dừng tìm.",
    empty="Câu hỏi trống.",
    greeting="Chào bạn! Bạn cứ hỏi, Hỏi Báo sẽ trích nguyên văn đoạn báo trả lời, kèm nguồn.",
    thanking="Không có gì. Bạn hỏi tiếp nhé.",
    parting="Tạm biệt, hẹn gặp lại bạn.",
    who_am_i=(
        "Đây là Hỏi Báo, công cụ hỏi đáp trên các bài báo: mỗi câu trả lời là đoạn trích nguyên văn"
        " kèm nguồn, không tự viết thêm."
    ),
    bad_call="Lời gọi không đúng: thiếu giá trị hoặc sai kiểu.",
    article="Bài báo",
    full_text="Toàn văn",
    close="Đóng",
    close_article="Đóng bài báo",
    previous="Đoạn trước",
    next="Đoạn sau",
    changed="Bài đã thay đổi từ khi được trích; đây là bản mới nhất.",
    part="Bài dài {count} ký tự; đây là phần quanh đoạn được trích.",
    gone="Bài này không còn trong bộ sưu tập.",
    was_it_right="Câu trả lời này đúng không?",
    right="Đúng",
    wrong="Không đúng",
    this_one="Đây mới là đoạn đúng",
    why="Vì sao? (không bắt buộc)",
    send_reason="Gửi",
    thanks="Cảm ơn bạn. Góp ý đã được ghi lại.",
    not_kept="Không ghi được góp ý.",
    copied="Đã sao chép trích dẫn.",
    link_copied="Đã sao chép liên kết.",
    cannot_copy="Trình duyệt không cho sao chép. Xin chép từ đây:",
    no_history="Chưa có cuộc trò chuyện nào. Lịch sử chỉ lưu trong trình duyệt này.",
    asked_here="{count} câu hỏi",
    forget="Xoá cuộc này",
    forget_all="Xoá tất cả",
    lost_title="Mất kết nối",
    lost="Mất kết nối với máy chủ. Đang thử kết nối lại…",
    busy="Máy chủ đang quá tải. Xin hỏi lại sau ít giây.",
    trouble="Có lỗi",
    chat="Hỏi",
    jobs=wording_jobs.VIETNAMESE,
    editor=wording_editor.VIETNAMESE,
    engineer=wording_engineer.VIETNAMESE,
    report=wording_report.VIETNAMESE,
)

ENGLISH = Phrases(
    code="en",
    motto="Ask a question, read the very passage that answers it.",
    new="New conversation",
    history="History",
    switch="Tiếng Việt",
    conversation="Conversation",
    input="Question",
    placeholder="What would you like to know?",
    send="Ask",
    stop="Stop",
    start="Start",
    try_asking="Try asking",
    how_to_ask=(
        "Ask in Vietnamese, with or without diacritics. You are answered with passages quoted word"
        " for word from articles, each with its source."
    ),
    articles="{count} articles",
    outlets="from {names}",
    more_outlets=" and {count} more",
    dated="published {first}",
    dated_span="published {first} to {last}",
    month="{month}/{year}",
    year="{year}",
    from_day="from {day}",
    to_day="until {day}",
    you_asked="You asked: ",
    edit="Edit question",
    waiting="Searching…",
    answer="Answer",
    searching_for="Searching for: ",
    as_typed="Search exactly as typed",
    searched_as_typed="Searched exactly as typed",
    follows="Following up: {question}",
    drop_before="Ask this by itself, without the questions before",
    further="Further passages: {count}",
    near="Possibly related ({count})",
    reprints="the same text in {count} more",
    untitled="Untitled article",
    original="Original",
    new_tab=" (opens in a new tab)",
    read="Read in the article",
    copy="Copy citation",
    link="Link",
    share="Share",
    only="Only: {what}",
    preferred="First: {what}",
    published="published {when}",
    newest="the newest articles",
    drop="Drop “{what}” and ask again",
    filter="Filter",
    filtered="Searched within the filter only.",
    since="From",
    until="To",
    outlet="Outlet",
    any_outlet="Any outlet",
    one_article="article “{title}”",
    within="Ask this article",
    apply="Apply",
    clear="Clear filter",
    nothing_left="No article passes the filter. Please widen or clear it.",
    searched_beyond=(
        "Articles of the date or the outlet that the question names do not answer it; these come"
        " from others."
    ),
    bad_filter=(
        "This filter cannot be used: write dates like 2024-05-25, the first not after the last;"
        " the outlet and the article must be in the collection."
    ),
    not_found="No answer was found in the indexed articles.",
    failed="Something went wrong. Please ask again in a few minutes; the error was logged.",
    too_long="The question has {length} characters. Please shorten it to {limit} at most.",
    too_many="You are asking too fast. Please wait a few seconds and ask again.",
    too_slow="The server is busy and could not answer in time. Please ask again in a few minutes.",
    stopped="Stopped.",
    empty="The question is empty.",
    greeting="Hello! Ask away: Hỏi Báo quotes the passage that answers, with its source.",
    thanking="You are welcome. Ask on.",
    parting="Goodbye, see you again.",
    who_am_i=(
        "This is Hỏi Báo. It answers from news articles: every answer is a passage quoted word for"
        " word, with its source; it writes nothing of its own."
    ),
    bad_call="The call is malformed: a value is missing or of the wrong kind.",
    article="Article",
    full_text="Full text",
    close="Close",
    close_article="Close the article",
    previous="Previous passage",
    next="Next passage",
    changed="The article has changed since it was cited; this is its newest version.",
    part="The article has {count} characters; this is the part around the passage.",
    gone="This article is no longer in the collection.",
    was_it_right="Is this answer right?",
    right="Right",
    wrong="Wrong",
    this_one="This is the right passage",
    why="Why? (optional)",
    send_reason="Send",
    thanks="Thank you. Your feedback was saved.",
    not_kept="Your feedback could not be saved.",
    copied="Citation copied.",
    link_copied="Link copied.",
    cannot_copy="The browser does not allow copying. Please copy it from here:",
    no_history="No conversation yet. History is kept in this browser only.",
    asked_here="questions: {count}",
    forget="Delete this one",
    forget_all="Delete all",
    lost_title="Connection lost",
    lost="The connection to the server was lost. Trying to reconnect…",
    busy="The server is overloaded. Please ask again in a few seconds.",
    trouble="Error",
    chat="Ask",
    jobs=wording_jobs.ENGLISH,
    editor=wording_editor.ENGLISH,
    engineer=wording_engineer.ENGLISH,
    report=wording_report.ENGLISH,
)

# What the page's script says by itself; it reads them from the page.
FOR_SCRIPT = (
    "code",
    "conversation",
    "copied",
    "link_copied",
    "cannot_copy",
    "no_history",
    "asked_here",
    "history",
    "close",
    "forget",
    "forget_all",
    "lost_title",
    "lost",
    "busy",
    "trouble",
)


def phrases(code: object) -> Phrases:
    """The language of this code, Vietnamese for any other; the code may be forged."""
    return ENGLISH if code == "en" else VIETNAMESE
