import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import process from "node:process";
import { root } from "./paths.mjs";

/** A vitest reporter: writes what was counted, and why tests were skipped, to `ASSAY_TEST_SUMMARY`. */
export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const summary = {
      passed: 0,
      failed: 0,
      skipped: [],
      failures: [],
      brokenFiles: [],
      errors: unhandledErrors.length,
    };
    for (const module of modules) {
      const file = relative(root, module.moduleId);
      // A file that could not be collected has no tests that could fail.
      if (module.errors().length > 0) summary.brokenFiles.push(file);
      for (const test of module.children.allTests()) this.#count(test, file, summary);
    }
    writeFileSync(process.env.ASSAY_TEST_SUMMARY, JSON.stringify(summary));
  }

  #count(test, file, summary) {
    const { state, note } = test.result();
    if (state === "passed") summary.passed++;
    else if (state === "failed") {
      summary.failed++;
      summary.failures.push({ file, name: test.fullName });
    } else summary.skipped.push({ file, name: test.fullName, reason: note ?? "no reason given" });
  }
}
