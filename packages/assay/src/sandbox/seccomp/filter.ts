import {
  answer,
  assemble,
  dataOffset,
  type Instruction,
  load,
  skipIfEqual,
  unlessAnyBit,
  unlessAtLeast,
  unlessEqual,
} from "./instruction.ts";
import {
  allowedSocketFamilies,
  auditArchitecture,
  type FilterArchitecture,
  inspectedCalls,
  newNamespaceFlags,
  numberOf,
  refusedCalls,
  refusedIoctls,
} from "./system-calls.ts";

const killProcess = 0x80000000;
const allow = 0x7fff0000;
const refuseWith = (errno: number) => 0x00050000 | errno;
const errno = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 } as const;

/** The x32 ABI sets this bit in its numbers and would step around a table of x86-64 numbers. */
const x32Bit = 0x40000000;

/** The filter for an architecture, in the layout that `bwrap --seccomp` reads. */
export function seccompFilter(architecture: FilterArchitecture): Buffer {
  return assemble(seccompProgram(architecture));
}

/** Refuses by errno what programs probe for; kills on a foreign architecture, where no table applies. */
export function seccompProgram(architecture: FilterArchitecture): Instruction[] {
  const program = [
    load(dataOffset.architecture),
    skipIfEqual(auditArchitecture[architecture], 1),
    answer(killProcess),
    load(dataOffset.number),
  ];
  if (architecture === "x64") program.push(unlessAtLeast(x32Bit, 1), answer(killProcess));
  for (const numbers of Object.values(refusedCalls)) {
    const number = numberOf(numbers, architecture);
    if (number !== undefined) program.push(unlessEqual(number, 1), answer(refuseWith(errno.EPERM)));
  }
  const number = (call: keyof typeof inspectedCalls) => numberOf<number>(inspectedCalls[call], architecture);
  // Its flags lie in memory, where a filter cannot look; libc falls back to clone on ENOSYS.
  program.push(unlessEqual(number("clone3"), 1), answer(refuseWith(errno.ENOSYS)));
  program.push(
    ...inspect(number("clone"), 0, [unlessAnyBit(newNamespaceFlags, 1), answer(refuseWith(errno.EPERM))]),
    ...inspect(
      number("ioctl"),
      1,
      refusedIoctls.flatMap((request) => [unlessEqual(request, 1), answer(refuseWith(errno.EPERM))]),
    ),
    ...inspect(number("socket"), 0, onlyFamilies(allowedSocketFamilies)),
    ...inspect(number("socketpair"), 0, onlyFamilies(allowedSocketFamilies)),
  );
  program.push(answer(allow));
  return program;
}

function inspect(call: number, argument: number, body: Instruction[]): Instruction[] {
  const steps = [load(dataOffset.argument(argument)), ...body, load(dataOffset.number)];
  return [unlessEqual(call, steps.length), ...steps];
}

function onlyFamilies(families: readonly number[]): Instruction[] {
  return [
    ...families.map((family, index) => skipIfEqual(family, families.length - index)),
    answer(refuseWith(errno.EAFNOSUPPORT)),
  ];
}
