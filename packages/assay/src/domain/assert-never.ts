/** Closes a switch: a new variant that is not handled fails to compile, and throws if it arrives at run time. */
export function assertNever(value: never): never {
  throw new Error(`unhandled variant: ${JSON.stringify(value)}`);
}
