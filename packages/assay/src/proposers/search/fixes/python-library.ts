import type { LibraryNames } from "./library-names.ts";

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What Python 3 knows without, and with, an import. */
export const pythonLibrary: LibraryNames = {
  builtins: words(`
  ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError
  BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError
  ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception ExceptionGroup
  False FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError
  ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError
  MemoryError ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError OSError
  OverflowError PendingDeprecationWarning PermissionError ProcessLookupError RecursionError ReferenceError
  ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError
  SystemExit TabError TimeoutError True TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError
  UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError abs aiter all anext any ascii
  bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval
  exec filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len
  list locals map max memoryview min next object oct open ord pow print property range repr reversed round set setattr
  slice sorted staticmethod str sum super tuple type vars zip
  `),
  modules: words(`
  abc aifc argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2
  cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall concurrent
  configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib
  dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions
  ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http imaplib
  imghdr imp importlib inspect io ipaddress itertools json keyword linecache locale logging lzma mailbox mailcap
  marshal math mimetypes mmap modulefinder multiprocessing netrc nis nntplib numbers opcode operator optparse os
  ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile
  pstats pty pwd py_compile pyclbr pydoc pyexpat queue quopri random re readline reprlib resource rlcompleter runpy
  sched secrets select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3
  sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys
  sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap threading time timeit tkinter token tokenize
  tomllib trace traceback tracemalloc tty turtle types typing unicodedata unittest urllib uu uuid venv warnings wave
  weakref webbrowser wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
  `),
  exports: {
    collections: words("Counter OrderedDict defaultdict deque namedtuple ChainMap"),
    "collections.abc": words("Callable Iterable Iterator Mapping Sequence Generator MutableMapping Hashable"),
    contextlib: words("contextmanager suppress closing ExitStack nullcontext"),
    copy: words("deepcopy"),
    dataclasses: words("dataclass field replace asdict astuple"),
    datetime: words("datetime date timedelta timezone"),
    decimal: words("Decimal ROUND_HALF_UP ROUND_HALF_EVEN ROUND_DOWN"),
    enum: words("Enum IntEnum Flag auto StrEnum"),
    fractions: words("Fraction"),
    functools: words("lru_cache cache partial reduce wraps total_ordering cached_property cmp_to_key singledispatch"),
    heapq: words("heappush heappop heapify nlargest nsmallest heapreplace"),
    bisect: words("bisect bisect_left bisect_right insort"),
    itertools: words(
      "chain combinations permutations product groupby islice zip_longest accumulate cycle count repeat takewhile dropwhile starmap pairwise tee",
    ),
    math: words("sqrt floor ceil gcd pi inf isclose log prod lcm hypot"),
    operator: words("itemgetter attrgetter"),
    pathlib: words("Path PurePath"),
    statistics: words("mean median stdev"),
    string: words("ascii_letters ascii_lowercase ascii_uppercase digits punctuation Template"),
    textwrap: words("dedent indent"),
    typing: words(
      "Any Optional Union List Dict Set Tuple NamedTuple Protocol TypeVar Generic Literal Final ClassVar cast TYPE_CHECKING overload",
    ),
    abc: words("ABC abstractmethod"),
    uuid: words("uuid4"),
    asyncio: words("gather sleep create_task wait_for"),
    threading: words("Lock Thread Event"),
    types: words("SimpleNamespace MappingProxyType"),
    "urllib.parse": words("urlparse urlencode quote unquote urljoin parse_qs"),
    time: words("monotonic perf_counter"),
  },
};
