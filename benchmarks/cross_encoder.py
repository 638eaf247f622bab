"""Trains the cross-encoder that tells which sentence of a passage answers, if any does
(index/cross_encoder.npz), further than it is; with --anew, from the encoder's own layers.

    python -m benchmarks.cross_encoder NEWS --write

takes two hours on two cores; every 500 steps, and at the end, it writes what it has come to.

NEWS is a folder with the collections that benchmarks/news_questions.jsonl asks about, as gzipped
JSON lines of title and text, such as baomoi_2017.jsonl.gz. What is read with a question is what
the program finds for it, with its article and without. No question of the sample or of a judged
set is used.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import click
import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import AutoModel

from benchmarks.reading_questions import Asked, read_questions
from index.cross_encoder import TUNED, Together, together, tuned
from index.encoder import open_encoder, read_recipe
from index.model import model_folder, weights_file
from index.model_files import LAYER_PARTS
from index.onnx_graph import INT8_MAX
from index.q4 import Weights, read
from index.tokenizer import Tokenize, open_tokenizer

LAYERS, FROZEN = 8, 3  # of the encoder's twelve: those that are used, those left as they are
STEPS, BATCH, POOL = 3200, 16, 4  # a pool of so many batches is drawn, then sorted by length
RATE, HEAD_RATE, WARM_UP = 5e-5, 2e-4, 80
DROPOUT = 0.1
REPORT, SAVE = 50, 500  # steps between two lines, and between two files
SENTENCES = (1, 2, 3, 3, 3, 4)  # of a passage, the best: as many as the program reads, and around


@dataclass(frozen=True, slots=True)
class Row:
    """Sentences as they are read with a question, and whether each of them answers."""

    tokens: Together
    answering: list[bool]


class Model(nn.Module):
    """The lower layers of the bundled encoder, and a head on the first token and the mean of each
    sentence's tokens."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder, attn_implementation="sdpa")
        self.encoder.encoder.layer = self.encoder.encoder.layer[:LAYERS]
        for part in (self.encoder.embeddings, *self.encoder.encoder.layer[:FROZEN]):
            part.requires_grad_(False)
        width = self.encoder.config.hidden_size
        self.padding = self.encoder.config.pad_token_id
        self.inner, self.out = nn.Linear(2 * width, width), nn.Linear(width, 1)

    def load(self, weights: Weights, head: dict[str, np.ndarray]) -> None:
        """Takes the trained layers and the head that `index.cross_encoder.tuned` gives."""
        for number in range(FROZEN, LAYERS):
            for short, part in self._parts(number):
                name = f"l{number}.{short}"
                if isinstance(part, nn.Linear):
                    weight = weights.matrices[f"{name}.w"].floats()
                else:
                    weight = weights.vectors[f"{name}.w"]
                part.weight.data = torch.tensor(weight)
                part.bias.data = torch.tensor(weights.vectors[f"{name}.b"])
        for short, part in (("h", self.inner), ("o", self.out)):
            part.weight.data = torch.tensor(head[f"{short}.w"])
            part.bias.data = torch.tensor(head[f"{short}.b"])

    def arrays(self) -> dict[str, np.ndarray]:
        """What `index.cross_encoder.tuned` reads: matrices in steps, the rest in 16 bits."""
        arrays: dict[str, Any] = {"layers": np.array(LAYERS)}
        for number in range(FROZEN, LAYERS):
            for short, part in self._parts(number):
                name, weight = f"l{number}.{short}", part.weight.detach().numpy()
                arrays[f"{name}.b"] = part.bias.detach().numpy().astype(np.float16)
                if weight.ndim == 1:
                    arrays[f"{name}.w"] = weight.astype(np.float16)
                    continue
                steps = (np.abs(weight).max(axis=1) / INT8_MAX).astype(np.float32)
                arrays[f"{name}.w"] = np.rint(weight / steps[:, None]).astype(np.int8)
                arrays[f"{name}.w.steps"] = steps
        for short, layer in (("h", self.inner), ("o", self.out)):
            arrays[f"{short}.w"] = layer.weight.detach().numpy().astype(np.float16)
            arrays[f"{short}.b"] = layer.bias.detach().numpy().astype(np.float16)
        return arrays

    def _parts(self, number: int) -> Iterator[tuple[str, Any]]:
        """The parts of a layer, by their short names."""
        layer = self.encoder.encoder.layer[number]
        return ((short, layer.get_submodule(long)) for short, long in LAYER_PARTS.items())

    def forward(self, rows: Sequence[Together]) -> list[torch.Tensor]:
        """(sentences,) logits of each row."""
        # Few different lengths: what oneDNN prepares for one of them takes long.
        longest = math.ceil(max(len(row.ids) for row in rows) / 16) * 16
        padded = [row.ids + [self.padding] * (longest - len(row.ids)) for row in rows]
        ids = torch.tensor(padded)
        mask = torch.tensor([[i < len(row.ids) for i in range(longest)] for row in rows])
        states = self.encoder(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        x = torch.stack(
            [
                torch.cat([states[at, 0], states[at, start:end].sum(0) / max(end - start, 1)])
                for at, row in enumerate(rows)
                for start, end in row.sentences
            ]
        )
        x = self._dropped(functional.gelu(self.inner(self._dropped(x))))
        logits = self.out(x)[:, 0].split([len(row.sentences) for row in rows])
        return list(logits)

    def _dropped(self, x: torch.Tensor) -> torch.Tensor:
        return functional.dropout(x, DROPOUT, self.training)


def loss_of(logits: torch.Tensor, answering: Sequence[bool]) -> torch.Tensor:
    """How unlikely the right ones are, of all sentences and "none of them", whose logit is 0."""
    told = list(answering[: len(logits)])
    right = torch.tensor([not any(told), *told])
    logits = torch.cat([torch.zeros(1), logits.float()])
    return torch.logsumexp(logits, 0) - torch.logsumexp(logits[right], 0)


class Sampler:
    """Draws what is read: rows that answer, and of rows that do not those of SHARES."""

    # "cut" is a passage without the sentences that answer; "untold" what is found for a question
    # that its article does not answer.
    SHARES: ClassVar = {"told": 0.45, "cut": 0.1, "other": 0.05, "foreign": 0.15, "untold": 0.25}
    MIX = (0.3, 0.7)  # news, and encyclopedia texts, of which there are more kinds

    def __init__(self, kinds: Sequence[Sequence[Asked]], seed: int) -> None:
        """`kinds` are what `read_questions` gives, from which MIX is drawn."""
        self._kinds = [self._sorted(asked) for asked in kinds]
        self._tokenize = bundled_tokenizer()
        self._random = np.random.default_rng(seed)

    @staticmethod
    def _sorted(asked: Sequence[Asked]) -> dict[str, list[Asked]]:
        """The questions from which a row of each of SHARES can be drawn."""
        answered = [a for a in asked if a.answering]
        return {
            "told": answered,
            "cut": [a for a in answered if not all(a.answering[0].answering)],
            "other": [a for a in answered if a.others],
            "foreign": [a for a in answered if a.foreign],
            "untold": [a for a in asked if a.others and not a.answering],
        }

    def batches(self) -> list[list[Row]]:
        """POOL batches of rows of about the same length, in any order."""
        pool = [self._draw() for _ in range(POOL * BATCH)]
        pool.sort(key=lambda row: len(row.tokens.ids))
        at = self._random.permutation(POOL).tolist()
        return [pool[i * BATCH : (i + 1) * BATCH] for i in at]

    def _draw(self) -> Row:
        """The best few sentences of a passage: what of them answers may not be among them."""
        kind = str(self._random.choice(list(self.SHARES), p=list(self.SHARES.values())))
        asked = self._any_of(self._kinds[self._random.choice(len(self.MIX), p=self.MIX)][kind])
        if kind in ("told", "cut"):
            found = asked.answering[0]
        else:
            several = asked.foreign if kind == "foreign" else asked.others
            at = self._random.geometric(0.6) - 1  # mostly the first
            found = several[min(int(at), len(several) - 1)]
        best = [i for i in found.best if kind != "cut" or not found.answering[i]]
        chosen = sorted(best[: self._any_of(SENTENCES)])
        words = [found.sentences[i] for i in chosen]
        tokens = together(self._tokenize, asked.question, found.title, words)
        return Row(tokens, [found.answering[i] for i in chosen])

    def _any_of(self, several: Sequence[Any]) -> Any:
        return several[int(self._random.integers(len(several)))]


def bundled_tokenizer() -> Tokenize:
    recipe = read_recipe(model_folder())
    assert recipe is not None
    return open_tokenizer(recipe.pieces or recipe.tokenizer, recipe.max_tokens)


def train(
    model: Model, asked: Sequence[Sequence[Asked]], save: Callable[[], None], seed: int = 0
) -> None:
    torch.manual_seed(seed)
    sampler = Sampler(asked, seed)
    body = [p for p in model.encoder.parameters() if p.requires_grad]
    head = [*model.inner.parameters(), *model.out.parameters()]
    groups = [{"params": body, "rate": RATE}, {"params": head, "rate": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    model.train()
    step, losses = 0, []
    while step < STEPS:
        for batch in sampler.batches():
            for group in optimiser.param_groups:
                group["lr"] = group["rate"] * min((step + 1) / WARM_UP, 1 - step / STEPS)
            # Half as long as in 32 bits where the processor knows 16.
            with torch.autocast("cpu", torch.bfloat16):
                logits = model([row.tokens for row in batch])
            each = [loss_of(one, row.answering) for one, row in zip(logits, batch, strict=True)]
            loss = torch.stack(each).mean()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(body + head, 1.0)
            optimiser.step()
            losses.append(loss.item())
            step += 1
            if step % REPORT == 0:
                print(f"step {step} of {STEPS}, loss {np.mean(losses[-REPORT:]):.3f}", flush=True)
            if step % SAVE == 0 or step == STEPS:
                save()


@click.command()
@click.argument("news", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--anew", is_flag=True, help="Begin from the encoder's own layers.")
@click.option("--write", "writes", is_flag=True, help="Write index/cross_encoder.npz.")
def main(news: Path, anew: bool, writes: bool) -> None:
    encoder = open_encoder()
    asked = read_questions(news, encoder)
    model = Model(model_folder())
    if not anew:
        model.load(*tuned(read(weights_file())))

    def save() -> None:
        if writes:
            np.savez_compressed(TUNED, **model.arrays())

    train(model, asked, save)
    if writes:
        print(f"{TUNED} is written; now run benchmarks/train.py")


if __name__ == "__main__":
    main()
