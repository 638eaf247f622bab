"""What is said of long work: its kinds, its stages, the lines of its log."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JobPhrases:
    """In one language; `{…}` is filled in by `qa.render_jobs`."""

    log: str
    cancel: str
    left: str
    second: str
    minute: str
    hour: str
    took: str
    more_lines: str
    busy: str
    nothing_runs: str
    # by the names of jobs, states and stages
    kinds: dict[str, str]
    states: dict[str, str]
    stages: dict[str, str]
    # lines of the log, by their names
    lines: dict[str, str]


VIETNAMESE = JobPhrases(
    log="Nhật ký ({count} dòng)",
    cancel="Dừng việc này",
    left="còn khoảng {time}",
    second="{count} giây",
    minute="{count} phút",
    hour="{count} giờ",
    took="hết {time}",
    more_lines="… và {count} dòng nữa",
    busy="Đang có việc khác: {kind}. Xin chờ việc ấy xong, hoặc dừng nó lại.",
    nothing_runs="Không có việc nào đang chạy.",
    kinds={
        "update": "Cập nhật chỉ mục",
        "rebuild": "Lập lại chỉ mục từ đầu",
        "remove": "Gỡ bài",
        "rollback": "Quay lại trạng thái trước",
        "evaluate": "Đo độ chính xác",
    },
    states={
        "running": "đang chạy",
        "done": "đã xong",
        "failed": "không thành công",
        "cancelled": "đã dừng giữa chừng; những gì có từ trước vẫn nguyên",
    },
    stages={
        "": "Đang chuẩn bị",
        "opening": "Đang mở mô hình",
        "reading": "Đang đọc bài",
        "embedding": "Đang tính vectơ cho câu mới",
        "writing": "Đang ghi chỉ mục",
        "asking": "Đang hỏi",
        "embedding passages": "Đang tính vectơ cho cách so sánh",
    },
    lines={
        "failed": "Không làm được: {why}",
        "broke": "Việc dừng bất thường (mã {code}). Xem nhật ký của máy chủ.",
        "measured": "Đã hỏi {questions} câu.",
        "nothing": "Không có nguồn nào để đọc: hãy tải tệp lên hoặc thêm địa chỉ.",
        "gone_source": "Nguồn không còn, được bỏ qua: {source}",
        "left_out": "Không đưa vào: {origin}. Lý do: {why}",
        "same_text": "Trùng nội dung: {copy} giống {first}; khi trả lời chỉ hiện một bài.",
        "indexed": (
            "Chỉ mục có {articles} bài: thêm {added}, sửa {changed}, gỡ {removed},"
            " giữ nguyên {unchanged}, không đưa vào {left_out}."
        ),
        "went_back": "Đã quay lại các bài của trạng thái {state}.",
        "file_deleted": "Đã xoá tệp tải lên: {file}",
        "file_stays": (
            "Bài này đọc từ {file}. Tệp vẫn còn đó, nên lần cập nhật sau bài sẽ trở lại;"
            " muốn gỡ hẳn, hãy xoá nó ở nguồn."
        ),
    },
)

ENGLISH = JobPhrases(
    log="Log ({count} lines)",
    cancel="Stop this",
    left="about {time} left",
    second="{count} s",
    minute="{count} min",
    hour="{count} h",
    took="took {time}",
    more_lines="… and {count} more",
    busy="Something else is running: {kind}. Please wait until it is done, or stop it.",
    nothing_runs="Nothing is running.",
    kinds={
        "update": "Update the index",
        "rebuild": "Rebuild the index",
        "remove": "Remove an article",
        "rollback": "Go back to an earlier state",
        "evaluate": "Measure accuracy",
    },
    states={
        "running": "running",
        "done": "done",
        "failed": "failed",
        "cancelled": "stopped; what was there before stays",
    },
    stages={
        "": "Starting",
        "opening": "Opening the model",
        "reading": "Reading articles",
        "embedding": "Embedding new sentences",
        "writing": "Writing the index",
        "asking": "Asking",
        "embedding passages": "Embedding for the comparison",
    },
    lines={
        "failed": "It could not be done: {why}",
        "broke": "It ended unexpectedly (code {code}). See the log of the server.",
        "measured": "Asked {questions} questions.",
        "nothing": "There is no source to read: upload files or add addresses.",
        "gone_source": "A source is gone and was passed over: {source}",
        "left_out": "Left out: {origin}. Why: {why}",
        "same_text": "Same text: {copy} as {first}; answers show one of them.",
        "indexed": (
            "The index holds {articles} articles: {added} added, {changed} changed,"
            " {removed} removed, {unchanged} unchanged, {left_out} left out."
        ),
        "went_back": "Went back to the articles of state {state}.",
        "file_deleted": "Deleted the uploaded file: {file}",
        "file_stays": (
            "This article was read from {file}. The file is still there, so the next update"
            " brings it back; to remove it for good, delete it at its source."
        ),
    },
)
