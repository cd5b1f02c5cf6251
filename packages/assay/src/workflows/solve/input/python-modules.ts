/** Modules of Python itself and of common test tools, which nobody asks to have written. */
const installed = new Set(
  (
    "__future__ abc argparse array ast asyncio base64 bisect builtins calendar cmath collections contextlib copy csv ctypes " +
    "dataclasses datetime decimal difflib dis email enum errno fnmatch fractions functools gc getpass glob graphlib gzip hashlib " +
    "heapq hmac html http importlib inspect io ipaddress itertools json keyword locale logging lzma math mimetypes multiprocessing " +
    "numbers operator os pathlib pickle platform pprint queue random re reprlib secrets select shlex shutil signal socket sqlite3 " +
    "ssl stat statistics string struct subprocess sys tempfile textwrap threading time timeit tokenize traceback types typing " +
    "unicodedata unittest urllib uuid warnings weakref xml zipfile zlib zoneinfo " +
    "pytest _pytest hypothesis mock freezegun parameterized typing_extensions numpy pandas scipy sympy"
  ).split(" "),
);

/** True for a module that is there without being written. */
export function isInstalledModule(module: string): boolean {
  return installed.has(module.split(".")[0] ?? "");
}
