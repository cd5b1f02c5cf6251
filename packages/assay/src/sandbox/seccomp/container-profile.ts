import {
  allowedSocketFamilies,
  inspectedCalls,
  newNamespaceFlags,
  refusedCalls,
  refusedIoctls,
} from "./system-calls.ts";

const errno = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 } as const;
/** AF_MAX of linux/socket.h, and what later kernels may add. */
const socketFamilies = Array.from({ length: 64 }, (_, family) => family);

/** The argument, of which only the bits of `value` are looked at, is `valueTwo`. */
type Condition = { index: number; op: "SCMP_CMP_MASKED_EQ"; value: number; valueTwo: number };
/** What the kernel looks at of an int: the high half of the register must not lead the filter astray. */
const lowHalf = 0xffff_ffff;

/**
 * The same filter as bubblewrap is given, in the form that container engines read
 * (https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#seccomp). Conditions of one entry must all hold, so what
 * any one of several values decides is an entry for each.
 */
export function containerSeccompProfile(): string {
  const refuse = (names: readonly string[], errnoRet: number, args?: readonly Condition[]) => ({
    names,
    action: "SCMP_ACT_ERRNO",
    errnoRet,
    ...(args === undefined ? {} : { args }),
  });
  const { clone3: _, ...inspected } = inspectedCalls;
  const [clone, ioctl, ...sockets] = Object.keys(inspected);
  return JSON.stringify({
    defaultAction: "SCMP_ACT_ALLOW",
    syscalls: [
      refuse(Object.keys(refusedCalls), errno.EPERM),
      // Its flags lie in memory, where a filter cannot look; libc falls back to clone on ENOSYS.
      refuse(["clone3"], errno.ENOSYS),
      ...bitsOf(newNamespaceFlags).map((bit) =>
        refuse([String(clone)], errno.EPERM, [{ index: 0, op: "SCMP_CMP_MASKED_EQ", value: bit, valueTwo: bit }]),
      ),
      ...refusedIoctls.map((value) => refuse([String(ioctl)], errno.EPERM, [equal(1, value)])),
      ...socketFamilies
        .filter((family) => !allowedSocketFamilies.includes(family))
        .map((value) => refuse(sockets, errno.EAFNOSUPPORT, [equal(0, value)])),
    ],
  });
}

function equal(index: number, value: number): Condition {
  return { index, op: "SCMP_CMP_MASKED_EQ", value: lowHalf, valueTwo: value };
}

function bitsOf(flags: number): number[] {
  return Array.from({ length: 31 }, (_, shift) => 2 ** shift).filter((bit) => (flags & bit) !== 0);
}
