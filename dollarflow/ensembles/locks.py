"""A folder held by one process: the operating system lets go of it when the process ends, however it ends, and no file is left."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

TAKEN = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)


class Hold:
    """A lock on a folder, held until :meth:`close` or the process's end; advisory, for processes of this program.

    Parameters
    ----------
    folder
        A folder that is there.

    Raises
    ------
    BlockingIOError
        Another process, or another hold of this one, has it.
    OSError
        The folder is not there or cannot be opened.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sure = False
        """False where the platform or the file system has no locks: then nobody is kept out."""
        self._handle: int | None = None
        if sys.platform == "win32":
            return
        import fcntl

        self._handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in TAKEN:
                self.close()
                raise BlockingIOError(error.errno, "another process has it", str(folder)) from None
        else:
            self.sure = True

    def there(self) -> bool:
        """Whether the folder is still found under its name: not moved, removed or replaced since."""
        try:
            now = os.stat(self.folder)
            return self._handle is None or os.path.samestat(now, os.fstat(self._handle))
        except OSError:
            return False

    def close(self) -> None:
        """Lets go of the folder."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


__all__ = ["Hold"]
