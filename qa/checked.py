"""Gradio's page, with two things otherwise: what it refuses, and how often it describes itself."""

import logging
from copy import copy
from inspect import signature
from typing import Any, Self

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.blocks import Block, BlocksConfig

from qa.wording import VIETNAMESE

log = logging.getLogger(__name__)


class CheckedBlocks(gr.Blocks):
    """Values that are missing or of the wrong kind, and files that nobody sent, are refused in a
    line, as what they are: no error of ours."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.default_config = _DescribedOnce(self)

    async def preprocess_data(
        self, block_fn: BlockFunction, inputs: Any, *args: Any, **options: Any
    ) -> Any:
        try:
            values = _with_defaults(block_fn, inputs) if isinstance(inputs, list) else inputs
            return await super().preprocess_data(block_fn, values, *args, **options)
        except gr.Error:
            raise
        except Exception as error:
            log.warning("a call was refused: %s", type(error).__name__)
            raise gr.Error(VIETNAMESE.bad_call, print_exception=False) from None


def _with_defaults(block_fn: BlockFunction, inputs: list[Any]) -> list[Any]:
    """Values left out at the end, as a function called in Python may leave them out."""
    parameters = signature(block_fn.fn).parameters.values() if block_fn.fn else ()
    left_out = list(parameters)[len(inputs) : len(block_fn.inputs)]
    return [*inputs, *(p.default for p in left_out if p.default is not p.empty)]


class _DescribedOnce(BlocksConfig):
    """Gradio describes every component of the page anew for each call from a program and each
    visitor, which takes as long as an answer. The same description does for all."""

    def __init__(self, root_block: gr.Blocks) -> None:
        super().__init__(root_block)
        self._described: dict[int, dict[str, Any]] = {}

    def __copy__(self) -> Self:
        new = type(self)(self.root_block)
        vars(new).update(vars(super().__copy__()))  # type: ignore[no-untyped-call]
        new._described = self._described
        return new

    # Gradio calls its static method of that name by an object.
    def config_for_block(  # type: ignore[override]
        self, _id: int, rendered_ids: list[int], block: Block, renderable: Any = None
    ) -> dict[str, Any]:
        if renderable or self.root_block.blocks.get(_id) is not block:  # a visitor's own
            return super().config_for_block(_id, rendered_ids, block, renderable)
        if _id not in self._described:
            self._described[_id] = super().config_for_block(_id, rendered_ids, block)
        described = self._described[_id]
        return described | {"props": copy(described["props"])}  # a visitor's value is set in it
