import type { TestResult } from "@assay/sdk";

/**
 * Why a test is red. `failure`: an assertion, or an exception out of the code under test, or a hang; `missing-name`: the test asks
 * for something that is not there; `set-up`: neither, so it says nothing of the code.
 */
export type RedKind = "failure" | "missing-name" | "set-up";

const missingModule = /^(?:ModuleNotFoundError|ImportError|ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND)$/;
const missingModuleMessage =
  /Cannot find (?:module|package)|Failed to (?:resolve|load)|does not provide an export named|cannot import name|No module named/;
const missingName = /^(?:NameError|ReferenceError|UnboundLocalError)$/;
const missingMember = /has no attribute|is not a (?:function|constructor)|Cannot read properties of undefined/;

/** Tells why a red test is red, from its failure alone; what a file could not be collected for is told the same way. */
export function redKind({ outcome, failure, file }: Pick<TestResult, "outcome" | "failure" | "file">): RedKind {
  if (outcome === "timed-out") return "failure";
  if (failure === undefined) return outcome === "errored" ? "set-up" : "failure";
  const { type, message, frames } = failure;
  if (missingModule.test(type) || missingModuleMessage.test(message)) return "missing-name";
  // In the code under test a wrong name is a fault like any other; in the test it is a thing not yet written.
  const raisedIn = frames[0]?.file ?? failure.file;
  const inTest = raisedIn === undefined || raisedIn === file;
  if (inTest && (missingName.test(type) || isMissingMember(type, message))) return "missing-name";
  return outcome === "errored" ? "set-up" : "failure";
}

function isMissingMember(type: string, message: string): boolean {
  return (
    (type === "AttributeError" || type === "TypeError") && missingMember.test(message) && !/NoneType/.test(message)
  );
}
