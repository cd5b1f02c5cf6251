/** One classic-BPF instruction: struct sock_filter of linux/filter.h. */
export type Instruction = { code: number; jumpTrue: number; jumpFalse: number; k: number };

const opcode = {
  loadWord: 0x20, // BPF_LD | BPF_W | BPF_ABS
  jumpEqual: 0x15, // BPF_JMP | BPF_JEQ | BPF_K
  jumpAtLeast: 0x35, // BPF_JMP | BPF_JGE | BPF_K
  jumpAnyBit: 0x45, // BPF_JMP | BPF_JSET | BPF_K
  answer: 0x06, // BPF_RET | BPF_K
} as const;

/** Offsets into struct seccomp_data (linux/seccomp.h); an argument's low 32 bits come first on little-endian machines. */
export const dataOffset = { number: 0, architecture: 4, argument: (index: number) => 16 + 8 * index } as const;

export const load = (offset: number): Instruction => ({ code: opcode.loadWord, jumpTrue: 0, jumpFalse: 0, k: offset });
export const answer = (value: number): Instruction => ({ code: opcode.answer, jumpTrue: 0, jumpFalse: 0, k: value });

/** Goes on after `otherwise` more instructions when the loaded word is not `value`. */
export const unlessEqual = (value: number, otherwise: number): Instruction => ({
  code: opcode.jumpEqual,
  jumpTrue: 0,
  jumpFalse: otherwise,
  k: value,
});
/** Goes on after `skipped` more instructions when the loaded word is `value`. */
export const skipIfEqual = (value: number, skipped: number): Instruction => ({
  code: opcode.jumpEqual,
  jumpTrue: skipped,
  jumpFalse: 0,
  k: value,
});
export const unlessAtLeast = (value: number, otherwise: number): Instruction => ({
  code: opcode.jumpAtLeast,
  jumpTrue: 0,
  jumpFalse: otherwise,
  k: value,
});
export const unlessAnyBit = (mask: number, otherwise: number): Instruction => ({
  code: opcode.jumpAnyBit,
  jumpTrue: 0,
  jumpFalse: otherwise,
  k: mask,
});

/** The program in the kernel's layout, as `bwrap --seccomp` reads it. */
export function assemble(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, { code, jumpTrue, jumpFalse, k }] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(jumpTrue, index * 8 + 2);
    bytes.writeUInt8(jumpFalse, index * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, index * 8 + 4);
  }
  return bytes;
}
