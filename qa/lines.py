"""Files of records line by line, with errors that name the line."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.errors import UsageError


def json_lines(path: Path, *fields: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, object) of a file of JSON objects; each must have `fields`.

    Raises:
        UsageError: a line is not such an object.
    """
    for number, line in text_lines(path):
        try:
            found = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{path}, line {number} is not JSON: {error}") from error
        if not isinstance(found, dict):
            raise UsageError(f'{path}, line {number} is not an object {{"…": …}}')
        if missing := [field for field in fields if field not in found]:
            raise UsageError(f"{path}, line {number} lacks: {', '.join(missing)}")
        yield number, found


def text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(line number, line) of the lines that are not blank."""
    try:
        # Only "\n" ends a line: "\u2028" and its like are legal inside a JSON string.
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise UsageError(f"cannot read {path} ({error.strerror}); check its name") from error


def judgements(path: Path, columns: str, delimiter: str | None) -> dict[str, dict[str, int]]:
    """Question id to article id to grade, of the grades above 0.

    The question stands in the first column, article and grade in the last two. `columns` says so
    in an error; `delimiter` None splits at any white space.
    """
    relevant: dict[str, dict[str, int]] = {}
    for number, line in text_lines(path):
        row = line.split() if delimiter is None else next(csv.reader([line], delimiter=delimiter))
        if number == 1 and row and not row[-1].strip().lstrip("-").isdecimal():
            continue  # the header line
        try:
            question, article, grade = row[0], row[-2], int(row[-1])
        except (IndexError, ValueError) as error:
            raise UsageError(f"{path}, line {number}: expected {columns}; got {row}") from error
        if grade > 0:
            relevant.setdefault(question, {})[article] = grade
    return relevant
