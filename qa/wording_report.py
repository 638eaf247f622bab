"""What the report of an evaluation says. Names of systems, slices and most metrics stay."""

from dataclasses import dataclass

from qa.judged import FOLLOWS, NO_ANSWER, NOTHING_ANSWERS, UNJUDGED


@dataclass(frozen=True, slots=True)
class ReportPhrases:
    """In one language; `{…}` is filled in by those who show it."""

    title: str
    intro: str
    # what was measured
    facts: str
    left_out: str
    reasons: dict[str, str]
    missing: str
    # figures, plots and tables
    metric: str
    system: str
    typed: str
    metric_names: dict[str, str]  # those that are no term of the field
    search_p50: str
    by_slice: str
    metric_by_slice: str
    ranks: str
    rank_counts: str
    times: str
    within: str
    milliseconds: str
    all_times: str
    all_metrics: str
    # the first system against the others
    against_others: str
    all_comparisons: str
    compared: str
    difference: str
    interval: str
    low_to_high: str
    # without the articles that answer
    without: str
    false_answers: str
    answered: str
    refused: str
    calibration_error: str
    unanswerable: str
    some_of: str
    right_by_chance: str
    chance: str
    # worst questions
    worst: str
    rank: str
    not_returned: str
    searched: str
    expects: str
    answer: str
    nothing: str
    expected: str
    # the foot
    how_to_read: str
    systems: dict[str, str]
    metrics: dict[str, str]
    statistics: str
    repeat: str
    from_source: str

    def called(self, metric: str) -> str:
        """The name of a metric, as a reader of the report sees it."""
        return self.metric_names.get(metric, metric)


VIETNAMESE = ReportPhrases(
    title="Tìm đúng đến đâu?",
    intro="Hỏi những câu đã biết bài trả lời, qua đúng cách tìm của trang trò chuyện.",
    facts=(
        "{questions} câu hỏi trên {articles} bài, {passages} đoạn · mô hình {encoder}"
        " · hạt giống ngẫu nhiên {seed} · {seconds} giây"
    ),
    left_out="Bỏ {count} câu hỏi: {reason}.",
    reasons={
        FOLLOWS: "hỏi tiếp câu trước",
        NOTHING_ANSWERS: "không bài nào trả lời",
        NO_ANSWER: "bài không có câu trả lời",
        UNJUDGED: "chưa biết bài nào trả lời",
    },
    missing="{count} câu hỏi có bài trả lời không nằm trong chỉ mục, tính là 0.",
    metric="số đo",
    system="cách tìm",
    typed="cách gõ",
    metric_names={"marked": "đánh dấu đúng"},
    search_p50="thời gian tìm, p50",
    by_slice="Số đo theo cách gõ và cách tìm",
    metric_by_slice="{metric} theo cách gõ và cách tìm, kèm khoảng tin cậy 95%",
    ranks="Hạng của bài đúng đầu tiên, % số câu hỏi: {of}",
    rank_counts="Số câu hỏi, mọi cách gõ",
    times="Thời gian tìm: {of}",
    within="Tỉ lệ câu hỏi được trả lời trong ngần ấy thời gian",
    milliseconds="mili giây mỗi câu",
    all_times="p50 và p95, mọi cách gõ",
    all_metrics="Mọi số đo",
    against_others="{system} so với các cách khác, từng câu một",
    all_comparisons="Mọi so sánh",
    compared="so sánh",
    difference="chênh lệch",
    interval="khoảng tin cậy 95%",
    low_to_high="{low} đến {high}",
    without="Khi rút các bài trả lời ra",
    false_answers="vẫn trả lời, khi từ chối 5%",
    answered="vẫn trả lời, ở ngưỡng {threshold}",
    refused="từ chối nhầm, ở ngưỡng {threshold}",
    calibration_error="sai số hiệu chuẩn",
    unanswerable="vẫn trả lời câu không có đáp án",
    some_of="{count} trên {all}",
    right_by_chance="Tỉ lệ trả lời đúng theo xác suất đã báo; số ở mỗi chấm là số câu hỏi",
    chance="xác suất đã báo",
    worst="Những câu kém nhất của {system}",
    rank="hạng {rank}",
    not_returned="không thấy",
    searched="đã tìm: ",
    expects="câu {id}, bài đúng:",
    answer="đáp án: ",
    nothing="không tìm được gì",
    expected="bài đúng",
    how_to_read="Cách đọc",
    systems={
        "full": "như trang trò chuyện: tìm theo chữ và nghĩa, rồi xếp hạng bằng trọng số đã học",
        "lexical": "chỉ tìm theo chữ, giữ nguyên thứ tự (BM25 trên từng tiếng và từng cặp tiếng)",
        "dense": "chỉ tìm theo nghĩa: mỗi đoạn lấy câu gần câu hỏi nhất",
        "fusion": "điểm theo chữ và điểm theo nghĩa, mỗi bên quy về 0..1 rồi cộng lại",
        "baseline": "cách trong sách giáo khoa: mỗi đoạn một vectơ, FAISS IndexFlatIP, bỏ qua chữ",
    },
    metrics={
        "nDCG@10": "các bài đúng đứng cao đến đâu trong mười bài đầu, tốt nhất là 1",
        "R@k": "tỉ lệ bài đúng nằm trong k bài đầu",
        "MRR@10": "trung bình của 1 / hạng của bài đúng đầu tiên, sau hạng mười tính là 0",
        "marked": (
            "trong những câu hỏi có đoạn đầu thuộc bài đúng và đã biết đáp án: tỉ lệ câu được đánh"
            " dấu có chứa đáp án"
        ),
    },
    statistics=(
        "Trung bình tính trên mọi câu hỏi; câu không tìm được gì tính là 0. Khoảng tin cậy: 95%,"
        " bootstrap phân vị, {resamples} lần lấy mẫu lại. p: kiểm định hoán vị theo cặp, hai phía,"
        " {permutations} lần hoán vị. Tính số đo: ir-measures."
    ),
    repeat="Chạy lại",
    from_source="từ mã nguồn",
)

ENGLISH = ReportPhrases(
    title="How good is the search?",
    intro="Judged questions, asked through the same search as in the chat.",
    facts=(
        "{questions} questions over {articles} articles in {passages} passages · encoder {encoder}"
        " · seed {seed} · {seconds} s"
    ),
    left_out="{count} questions left out: {reason}",
    reasons={reason: reason for reason in (FOLLOWS, NOTHING_ANSWERS, NO_ANSWER, UNJUDGED)},
    missing="{count} questions whose article is not in the index count as 0",
    metric="metric",
    system="system",
    typed="questions",
    metric_names={"marked": "marked"},
    search_p50="search, p50",
    by_slice="Metrics by slice and system",
    metric_by_slice="{metric} by slice and system, with 95 % intervals",
    ranks="Rank of the first relevant article, % of questions: {of}",
    rank_counts="Counts, all slices",
    times="Time of a search: {of}",
    within="Share of questions answered within so much time",
    milliseconds="milliseconds a question",
    all_times="p50 and p95, all slices",
    all_metrics="All metrics",
    against_others="{system} against the others, question by question",
    all_comparisons="All comparisons",
    compared="compared",
    difference="difference",
    interval="95 % interval",
    low_to_high="{low} to {high}",
    without="Without the articles that answer",
    false_answers="answered without, 5 % refused",
    answered="answered without, at {threshold}",
    refused="refused, at {threshold}",
    calibration_error="calibration error",
    unanswerable="unanswerable answered",
    some_of="{count} of {all}",
    right_by_chance=(
        "Right first answers by the chance that was told; a dot bears its number of questions"
    ),
    chance="the chance that was told",
    worst="Worst questions of {system}",
    rank="rank {rank}",
    not_returned="not returned",
    searched="searched: ",
    expects="question {id} expects",
    answer="answer: ",
    nothing="returned nothing",
    expected="expected",
    how_to_read="How to read this",
    systems={
        "full": "the search of the chat: all lanes, then the learned ranker",
        "lexical": "the lexical lane alone, in its order (BM25 of syllables and their pairs)",
        "dense": "the dense lane alone: passages by their nearest sentence",
        "fusion": "lexical and dense scores of both lanes' passages, each scaled to 0..1, summed",
        "baseline": "the textbook script: one vector for each passage, FAISS IndexFlatIP, no words",
    },
    metrics={
        "nDCG@10": "how high the relevant articles stand among the first ten, 1 at best",
        "R@k": "the share of the relevant articles that are among the first k",
        "MRR@10": "the mean of 1 / rank of the first relevant article, 0 below rank ten",
        "marked": (
            "where the first hit is of a relevant article and the answer is known: the share whose"
            " marked sentence holds the answer"
        ),
    },
    statistics=(
        "Averages are over all questions; one that returned nothing counts as 0. Intervals: 95 %,"
        " percentile bootstrap of {resamples} resamples. p: paired two-sided randomisation test,"
        " {permutations} permutations. Metrics: ir-measures."
    ),
    repeat="Repeat it",
    from_source="from its source",
)
