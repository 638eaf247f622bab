"""Gradio's page that refuses malformed calls in a line, as what they are: no error of ours."""

import logging
from typing import Any

import gradio as gr

from qa.wording import VIETNAMESE

log = logging.getLogger(__name__)


class CheckedBlocks(gr.Blocks):
    """Values that are missing or of the wrong kind, and files that nobody sent, are refused."""

    async def preprocess_data(self, *args: Any, **options: Any) -> Any:
        try:
            return await super().preprocess_data(*args, **options)
        except gr.Error:
            raise
        except Exception as error:
            log.warning("a call was refused: %s", type(error).__name__)
            raise gr.Error(VIETNAMESE.bad_call, print_exception=False) from None
