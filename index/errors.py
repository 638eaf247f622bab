"""What can go wrong, for the people who use the product.

HoiBaoError            the root: one line that says what, the offending value, the next command
├── UsageError         the command as given cannot work (exit code 2)
├── ArticleError       one article or file cannot be read; the others can
├── EncoderError       the embedding model is missing or cannot be used
├── BadIndexError      an index is missing, damaged, or was built with other settings
└── RoomError          the disk or the memory is full; what was there before stays
"""


class HoiBaoError(Exception):
    """Root of the errors that are shown to a user as one line, without a traceback."""


class UsageError(HoiBaoError):
    """What was asked for cannot work as given."""


class ArticleError(HoiBaoError):
    """One article or one file cannot be read. Reading goes on with the next."""


class EncoderError(HoiBaoError):
    """The embedding model is missing, or its folder is not what it should be."""


class BadIndexError(HoiBaoError):
    """An index is missing, damaged, or was built with another encoder or format."""


class RoomError(HoiBaoError):
    """The disk or the memory is full. The index is as it was before."""
