"""Puts a process into namespaces of its own and takes everything from it that a function does not need. Linux, x86-64 and arm64."""

import ctypes
import os
import platform
import resource
import signal

_NUMBERS = {"x86_64": {"clone": 56, "capset": 126}, "aarch64": {"clone": 220, "capset": 91}}[platform.machine()]
#: CLONE_NEWNS | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET of linux/sched.h.
NEW_NAMESPACES = 0x00020000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 1, 2, 4, 8, 0x4000, 0x40000
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP = 1, 22, 38, 4, 24
_PR_SET_CHILD_SUBREAPER = 36
_CAPABILITIES_MAX = 64

# Called with the interpreter's lock held: a raw clone must not let another thread in between.
_libc = ctypes.PyDLL(None, use_errno=True)
_python = ctypes.pythonapi


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


_capability_header = (ctypes.c_uint32 * 2)(0x20080522, 0)
_no_capabilities = (ctypes.c_uint32 * 6)()


def clone(flags):
    """fork() into new namespaces: 0 in the child, its pid in the parent."""
    _python.PyOS_BeforeFork()
    pid = _libc.syscall(_NUMBERS["clone"], flags | signal.SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        _python.PyOS_AfterFork_Child()
    else:
        _python.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(ctypes.get_errno(), "clone")
    return pid


def _checked(result, what):
    if result != 0:
        raise OSError(ctypes.get_errno(), what)


def _write(path, text):
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def _tmpfs(path, options, flags=0):
    flags |= _MS_NOSUID | _MS_NODEV
    _checked(_libc.mount(b"tmpfs", path.encode(), b"tmpfs", flags, options.encode()), f"mount {path}")


def inherit_orphans():
    _checked(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl")


def die_with_parent():
    _checked(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")


def own_root(uid, gid, disk_bytes_max):
    """In fresh namespaces: a private /tmp, and no /proc, which would show processes of the outer ones."""
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")
    # Whoever runs out of memory first is the candidate.
    _write("/proc/self/oom_score_adj", "1000")
    _checked(_libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None), "mount /")
    _tmpfs("/tmp", f"size={disk_bytes_max},nr_inodes=1024,mode=1777")
    _tmpfs("/dev/shm", "size=4096,nr_inodes=2", _MS_RDONLY)
    _tmpfs("/proc", "size=4096,nr_inodes=2,mode=555", _MS_RDONLY)
    os.chdir("/tmp")


def limit(memory_bytes_max, cpu_seconds_max, processes_max, file_bytes_max):
    limit_memory(memory_bytes_max)
    for what, value in (
        (resource.RLIMIT_NPROC, processes_max),
        (resource.RLIMIT_FSIZE, file_bytes_max),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (value, value))
    # A second between SIGXCPU, which tells the cause, and SIGKILL.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds_max, cpu_seconds_max + 1))


def limit_memory(bytes_max):
    resource.setrlimit(resource.RLIMIT_AS, (bytes_max, bytes_max))


def drop_privileges(seccomp_filter):
    """The last of all: capabilities, then the way back to them, then most of the kernel."""
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    for capability in range(_CAPABILITIES_MAX):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break
    _checked(_libc.syscall(_NUMBERS["capset"], _capability_header, _no_capabilities), "capset")
    _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    program = _Filter(len(seccomp_filter) // 8, seccomp_filter)
    _checked(_libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(program), 0, 0), "seccomp")
