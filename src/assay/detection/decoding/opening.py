"""Opens a stranger's film or recording for decoding, in forms that hold all of themselves. It reaches nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import av

# By the decoder's names. Its other forms name further files and addresses, which it would open: playlists, lists of
# parts, sessions. Some of these are recognised anywhere in a file, whatever the file begins with.
FORMS = ("aac", "avi", "flac", "flv", "gif", "matroska", "mov", "mp3", "ogg", "wav")
_OPTIONS = {"format_whitelist": ",".join(FORMS), "protocol_whitelist": "none"}


def open_media(stream: BinaryIO) -> av.container.InputContainer:
    """The container in a stream; raises what the decoder raises, also for a form that is none of `FORMS`."""
    import av

    return av.open(stream, "r", options=dict(_OPTIONS))
