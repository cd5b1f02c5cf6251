"""
The project's folder as it was: what a candidate's tests leave there, or take away, must not decide what becomes of the next candidate.
"""

import os
import shutil
import stat

#: Beyond so many files, and so many bytes of them, only what is new is taken away again.
_FILES_MAX = 3_000
_BYTES_MAX = 32 << 20
_FOLDERS_MAX = 2_000
_NOT_LOOKED_INTO = frozenset([".git", "node_modules", "__pycache__"])
#: pytest's own, and this program's.
_KEPT_IN_TEMPORARY = ("pytest-of-", ".assay-")


class Tidy:
    """Nothing but what was there when it was made is there after `restore`, and that as it was. Mounts from elsewhere are left alone."""

    def __init__(self, root, temporary="/tmp"):
        self._temporary = temporary
        self._kept = frozenset(_names(temporary))
        self._folders = {}
        self._files = {}
        self._device = os.lstat(root).st_dev
        self._look_at(root)
        sizes = [signature[1] for signature, _ in self._files.values()]
        if len(sizes) > _FILES_MAX or sum(sizes) > _BYTES_MAX:
            self._files.clear()
        for path, (signature, _) in self._files.items():
            self._files[path] = (signature, _content(path))

    def _look_at(self, root):
        waiting = [root]
        while waiting and len(self._folders) < _FOLDERS_MAX:
            folder = waiting.pop()
            try:
                entries = list(os.scandir(folder))
                mtime = os.stat(folder).st_mtime_ns
            except OSError:
                continue
            self._folders[folder] = (mtime, frozenset(entry.name for entry in entries))
            for entry in entries:
                found = entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False):
                    # In a layered workspace files may tell the device of their layer; folders do not.
                    if entry.name not in _NOT_LOOKED_INTO and found.st_dev == self._device:
                        waiting.append(entry.path)
                elif stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode):
                    self._files[entry.path] = (_signature(found), None)

    def restore(self):
        """Whether all is as it was."""
        whole = True
        for folder, (mtime, names) in self._folders.items():
            try:
                whole = self._restore_folder(folder, mtime, names) and whole
            except OSError:
                whole = False
        for path, (signature, content) in self._files.items():
            try:
                if _signature(os.lstat(path)) == signature:
                    continue
            except OSError:
                pass
            try:
                self._files[path] = (_put_back(path, signature, content), content)
            except (OSError, TypeError):
                whole = False
        for name in _names(self._temporary):
            if name not in self._kept and not name.startswith(_KEPT_IN_TEMPORARY):
                _remove(os.path.join(self._temporary, name))
        return whole

    def _restore_folder(self, folder, mtime, names):
        if not os.path.isdir(folder) or os.path.islink(folder):
            _remove(folder)
            os.mkdir(folder)
        elif os.stat(folder).st_mtime_ns == mtime:
            return True
        for name in _names(folder):
            if name not in names and name != "__pycache__":
                _remove(os.path.join(folder, name))
        # An older time than the clock tells, so that the next change shows, however soon it comes.
        os.utime(folder, ns=(mtime, mtime))
        return True


def _signature(found):
    return found.st_mode, found.st_size, found.st_mtime_ns, found.st_ino


def _content(path):
    try:
        if os.path.islink(path):
            return os.readlink(path)
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _put_back(path, signature, content):
    """Raises `TypeError` for what could not be read."""
    mode, _, mtime, _ = signature
    _remove(path)
    if stat.S_ISLNK(mode):
        os.symlink(content, path)
    else:
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, stat.S_IMODE(mode))
        os.utime(path, ns=(mtime, mtime))
    return _signature(os.lstat(path))


def _remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    elif os.path.lexists(path):
        os.unlink(path)


def _names(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []
