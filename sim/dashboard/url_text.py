"""Text in a link: compressed, in letters that an address may hold, and no longer than a scenario."""

from __future__ import annotations

import base64
import binascii
import zlib
from functools import lru_cache

LONGEST_TEXT = 200_000
"""Characters of a scenario file that the page reads."""


@lru_cache(maxsize=8)  # asked for again with every change beside it
def pack(text: str) -> str:
    """Return text in the letters of an address."""
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpack(packed: str) -> str:
    """Return the text that `pack` was given.

    Raises
    ------
    ValueError
        If it is damaged or longer than ``LONGEST_TEXT``.
    """
    try:
        data = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        reader = zlib.decompressobj()
        text = reader.decompress(data, LONGEST_TEXT + 1)
        whole = reader.eof and not reader.unconsumed_tail
    except (binascii.Error, zlib.error, ValueError) as error:
        raise ValueError("the text is damaged") from error
    if len(text) > LONGEST_TEXT or not whole:
        raise ValueError(f"the text is longer than {LONGEST_TEXT} characters, or cut off")
    return text.decode()
