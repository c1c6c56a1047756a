"""Why a file could not be read or written, in plain words of both languages: what Python and the system say is English or a name."""

import errno
import socket
from collections.abc import Mapping
from json import JSONDecodeError
from typing import Final

from layers import Text

_REASONS: Final[Mapping[int, Text]] = {
    errno.EACCES: Text("没有权限", "no permission"), errno.EPERM: Text("系统不允许此操作", "the system does not allow it"), errno.EROFS: Text("磁盘为只读", "the disk is read-only"),
    errno.ENOSPC: Text("磁盘空间不足", "no space left on the disk"), errno.ENOENT: Text("没有这个文件或文件夹", "no such file or folder"),
    errno.ENOTDIR: Text("路径中有一段是文件，不是文件夹", "a part of the path is a file, not a folder"), errno.EISDIR: Text("该路径是文件夹，不是文件", "it is a folder, not a file"),
    errno.EEXIST: Text("已有同名文件", "there is one of that name already"), errno.ENAMETOOLONG: Text("名称过长", "the name is too long"), errno.EBUSY: Text("正被其他程序使用", "another program is using it"),
    errno.EIO: Text("磁盘读写出错", "the disk failed"), errno.ENOTEMPTY: Text("文件夹不是空的", "the folder is not empty"), errno.EMFILE: Text("打开的文件过多", "too many files are open"),
    errno.EADDRINUSE: Text("端口已被其他程序占用", "another program uses the port"), errno.EADDRNOTAVAIL: Text("这个地址不是本机的", "the address is not this machine's"),
}
_SYSTEM: Final = Text("系统报告：{said}", "the system says: {said}")
_JSON: Final = Text("第 {line} 行第 {column} 列不合 JSON 格式", "line {line}, column {column} is not JSON")
_ENCODING: Final = Text("不是 UTF-8 编码的文本", "it is not text in UTF-8")
_HOST: Final = Text("找不到这个地址", "there is no such address")
_CONTENT: Final = Text("内容不完整，或不是这种文件", "its content is not whole, or not of this kind")


def cause(error: Exception, *, saying: bool = False) -> Text:
    r"""Return what went wrong with a file or an address, without a full stop.

    `saying` takes the words of a library where the system gives no reason: in writing, no content of the user's is at fault.

    >>> cause(FileNotFoundError(2, "No such file or directory")).zh
    '没有这个文件或文件夹'
    >>> cause(JSONDecodeError("Expecting value", "[1,\n2,]", 6)).en
    'line 2, column 3 is not JSON'
    >>> cause(KeyError("scenario")).en
    'its content is not whole, or not of this kind'
    """
    if isinstance(error, JSONDecodeError):
        return _JSON.format(line=error.lineno, column=error.colno)
    if isinstance(error, UnicodeDecodeError):
        return _ENCODING
    if isinstance(error, socket.gaierror):  # its numbers are not the system's
        return _HOST
    if isinstance(error, OSError) and error.errno:
        return _REASONS.get(error.errno) or _SYSTEM.format(said=error.strerror or error)
    return _SYSTEM.format(said=error) if saying else _CONTENT
