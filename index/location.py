"""Where an index is kept: in a folder, or in Milvus."""

from pathlib import Path

from index.milvus.address import SCHEME, MilvusAddress

Location = Path | MilvusAddress


def read_location(text: str) -> Location:
    """A folder, or the address of an index in Milvus.

    Raises:
        UsageError: it begins with milvus:// and names no index.
    """
    return MilvusAddress.parse(text) if text.startswith(SCHEME) else Path(text)


def files_of(location: Location) -> Path:
    """The folder of what is kept beside the articles: thumbs, uploaded files, addresses, runs."""
    if isinstance(location, Path):
        return location
    from index.milvus.files import files_of

    folder = files_of(location)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
