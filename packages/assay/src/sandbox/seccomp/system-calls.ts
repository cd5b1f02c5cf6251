/** The architectures a filter can be made for, as `process.arch` names them. */
export type FilterArchitecture = "x64" | "arm64";

/** AUDIT_ARCH_* of linux/audit.h: which table a system call number belongs to. */
export const auditArchitecture: Record<FilterArchitecture, number> = { x64: 0xc000003e, arm64: 0xc00000b7 };

/**
 * Refused with EPERM: [number on x86-64, number on arm64], from the kernel's syscall_64.tbl and asm-generic/unistd.h.
 * `undefined`: does not exist there. Each has been a way out of a container, or has no business in a test suite.
 */
export const refusedCalls: Readonly<Record<string, readonly [number | undefined, number | undefined]>> = {
  // Looking into and steering other processes.
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],
  process_madvise: [440, 440],
  // Namespaces and mounts.
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  // File handles reach past the mount namespace.
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  // The kernel's keyrings are shared by uid, not by namespace.
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  // Large, often vulnerable parts of the kernel.
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  vmsplice: [278, 75],
  // The machine itself.
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  syslog: [103, 116],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  adjtimex: [159, 171],
  clock_adjtime: [305, 266],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  vhangup: [153, 58],
  lookup_dcookie: [212, 18],
  move_pages: [279, 239],
  migrate_pages: [256, 238],
  fanotify_init: [300, 262],
  // Only on x86-64.
  iopl: [172, undefined],
  ioperm: [173, undefined],
  modify_ldt: [154, undefined],
  uselib: [134, undefined],
  ustat: [136, undefined],
  sysfs: [139, undefined],
};

/** Calls whose arguments decide: [x86-64, arm64]. */
export const inspectedCalls = {
  clone: [56, 220],
  clone3: [435, 435],
  ioctl: [16, 29],
  socket: [41, 198],
  socketpair: [53, 199],
} as const;

/** CLONE_NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET of linux/sched.h. */
export const newNamespaceFlags =
  0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000;

/** TIOCSTI types into the terminal, TIOCLINUX pastes into it, TIOCSETD loads line disciplines. */
export const refusedIoctls = [0x5412, 0x541c, 0x5423];

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: suites start servers on the loopback of their own network namespace. */
export const allowedSocketFamilies = [1, 2, 10, 16];

/** The number of a call on an architecture. */
export function numberOf<Number extends number | undefined>(
  numbers: readonly [Number, Number],
  architecture: FilterArchitecture,
): Number {
  return architecture === "x64" ? numbers[0] : numbers[1];
}
