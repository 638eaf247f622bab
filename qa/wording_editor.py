"""What the editor's tab says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EditorPhrases:
    """In one language; `{…}` is filled in by those who show it."""

    tab: str
    # what the index holds
    holds: str
    updated: str
    never: str
    size: str
    writer: str
    # new articles
    add: str
    upload: str
    upload_info: str
    addresses: str
    addresses_info: str
    save_addresses: str
    took: str
    replaced: str
    refused: str
    addresses_kept: str
    not_addresses: str
    sources: str
    source_uploads: str
    no_sources: str
    update: str
    rebuild: str
    rebuild_ask: str
    rebuild_yes: str
    # why a file is not taken
    too_large: str
    wrong_kind: str
    archive: str
    not_text: str
    shelf_full: str
    unreadable: str
    # the articles
    articles: str
    search: str
    search_hint: str
    found: str
    nothing_found: str
    title: str
    outlet: str
    date: str
    length: str
    origin: str
    characters: str
    sort_by: str
    open: str
    remove: str
    remove_ask: str
    remove_yes: str
    previous: str
    next: str
    page: str
    # what was done
    history: str
    state: str
    time: str
    done: str
    counts: str
    go_back: str
    go_back_ask: str
    go_back_yes: str
    current: str
    no_history: str
    commands: dict[str, str]


VIETNAMESE = EditorPhrases(
    tab="Chỉ mục",
    holds="{articles} bài, {passages} đoạn, {sentences} câu",
    updated="cập nhật lúc {time}",
    never="chưa cập nhật lần nào",
    size="chiếm {size}",
    writer="Chỉ mục đang được {who} ghi.",
    add="Thêm bài",
    upload="Tải tệp lên",
    upload_info=(
        "Nhận {kinds}; mỗi tệp tối đa {largest} MB, không nhận tệp nén. Tệp cùng tên được thay"
        " bằng tệp mới."
    ),
    addresses="Địa chỉ trên mạng",
    addresses_info="Mỗi dòng một địa chỉ http hoặc https của một bài, hay của nguồn tin RSS, Atom.",
    save_addresses="Lưu địa chỉ",
    took="Đã nhận {count} tệp. Bấm “{update}” để đưa vào chỉ mục.",
    replaced="{count} tệp thay tệp cũ cùng tên.",
    refused="Không nhận {name}: {why}",
    addresses_kept="Đã lưu {count} địa chỉ. Bấm “{update}” để đọc.",
    not_addresses="Không phải địa chỉ http hay https dùng được: {bad}",
    sources="Mỗi lần cập nhật đọc: {what}",
    source_uploads="{count} tệp tải lên",
    no_sources="Chưa có nguồn nào. Hãy tải tệp lên hoặc thêm địa chỉ.",
    update="Cập nhật chỉ mục",
    rebuild="Lập lại từ đầu…",
    rebuild_ask=(
        "Đọc lại mọi nguồn và ghi lại toàn bộ; bài không còn ở nguồn sẽ mất khỏi chỉ mục. Trong lúc"
        " đó trang vẫn trả lời từ bản cũ."
    ),
    rebuild_yes="Lập lại từ đầu",
    too_large="lớn hơn {largest} MB",
    wrong_kind="không thuộc loại tệp được nhận",
    archive="là tệp nén",
    not_text="không phải tệp đúng loại như tên gọi",
    shelf_full="chỗ chứa tệp tải lên đã đầy",
    unreadable="không đọc được tệp",
    articles="Các bài",
    search="Tìm bài",
    search_hint="Tiêu đề, nguồn, tác giả hoặc tên tệp",
    found="{count} bài",
    nothing_found="Không có bài nào như vậy.",
    title="Tiêu đề",
    outlet="Nguồn",
    date="Ngày đăng",
    length="Độ dài",
    origin="Đọc từ",
    characters="{count} ký tự",
    sort_by="Xếp theo",
    open="Đọc",
    remove="Gỡ…",
    remove_ask="Gỡ bài này khỏi chỉ mục?",
    remove_yes="Gỡ bài",
    previous="Trang trước",
    next="Trang sau",
    page="trang {page}/{pages}",
    history="Những lần cập nhật",
    state="Trạng thái",
    time="Lúc",
    done="Việc",
    counts="{articles} bài: thêm {added}, sửa {changed}, gỡ {removed}",
    go_back="Quay lại…",
    go_back_ask="Đưa chỉ mục về các bài của trạng thái {state}? Việc này cũng đảo lại được.",
    go_back_yes="Quay lại trạng thái {state}",
    current="hiện tại",
    no_history="Chưa ghi lần cập nhật nào.",
    commands={
        "index": "cập nhật",
        "index --rebuild": "lập lại từ đầu",
        "index --remove": "gỡ bài",
        "index rollback": "quay lại trạng thái",
    },
)

ENGLISH = EditorPhrases(
    tab="Index",
    holds="{articles} articles, {passages} passages, {sentences} sentences",
    updated="updated {time}",
    never="never updated",
    size="{size} on disk",
    writer="The index is being written by {who}.",
    add="Add articles",
    upload="Upload files",
    upload_info=(
        "Takes {kinds}; {largest} MB a file at most, no archives. A file of the same name takes"
        " the place of the old one."
    ),
    addresses="Web addresses",
    addresses_info="One http or https address a line, of an article or of an RSS or Atom feed.",
    save_addresses="Save addresses",
    took="Files taken: {count}. Press “{update}” to index them.",
    replaced="Files that took the place of one of the same name: {count}.",
    refused="Not taken: {name}, {why}",
    addresses_kept="Addresses saved: {count}. Press “{update}” to read them.",
    not_addresses="No http or https address that can be used: {bad}",
    sources="Each update reads: {what}",
    source_uploads="uploaded files ({count})",
    no_sources="There is no source yet. Please upload files or add addresses.",
    update="Update the index",
    rebuild="Rebuild…",
    rebuild_ask=(
        "Reads every source anew and writes everything again; articles that are gone at their"
        " source leave the index. Meanwhile the old index answers."
    ),
    rebuild_yes="Rebuild",
    too_large="larger than {largest} MB",
    wrong_kind="not of a kind that is taken",
    archive="an archive",
    not_text="not what its name says it is",
    shelf_full="there is no room for more uploaded files",
    unreadable="the file cannot be read",
    articles="Articles",
    search="Search articles",
    search_hint="Title, outlet, author or file name",
    found="{count} articles",
    nothing_found="There is no such article.",
    title="Title",
    outlet="Outlet",
    date="Published",
    length="Length",
    origin="Read from",
    characters="{count} characters",
    sort_by="Sort by",
    open="Read",
    remove="Remove…",
    remove_ask="Remove this article from the index?",
    remove_yes="Remove",
    previous="Previous page",
    next="Next page",
    page="page {page}/{pages}",
    history="Updates",
    state="State",
    time="Time",
    done="What",
    counts="{articles} articles: {added} added, {changed} changed, {removed} removed",
    go_back="Go back…",
    go_back_ask="Bring back the articles of state {state}? This can be gone back on too.",
    go_back_yes="Go back to state {state}",
    current="now",
    no_history="No update was recorded yet.",
    commands={
        "index": "update",
        "index --rebuild": "rebuild",
        "index --remove": "removal",
        "index rollback": "back to state",
    },
)
