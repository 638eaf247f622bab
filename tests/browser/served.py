"""What the browser tests meet: a running chat, and an article that attacks its readers."""

from dataclasses import dataclass
from pathlib import Path

HOSTILE_TITLE = '<script>window.hacked = 1; alert(1)</script> <img src=x onerror="window.hacked=2">'
HOSTILE_SENTENCE = (
    "Loài chim quắm xanh Zorvex làm tổ ở <img src=x onerror=\"window.hacked=3; alert('x')\">"
    " đầm *Mây Tía* _rộng_ $x^2$ và $$y$$ `mã` ${1+1} {{value}} [mồi](javascript:alert(2))."
)
HOSTILE_BODY = (
    "<script>window.hacked = 4; alert(4)</script> mở đầu bài, **đậm** và # không phải tiêu đề.\n\n"
    f"{HOSTILE_SENTENCE} Chúng ăn cua & cá con <b>mỗi ngày</b>.\n\n"
    "<!-- hết --> &amp; &lt; Câu cuối có dấu \u202eđảo\u202c chiều."
)


@dataclass(frozen=True, slots=True)
class Served:
    """A running chat: its address, its index and the log of the server."""

    url: str
    index: Path
    log: Path
