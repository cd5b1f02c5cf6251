// Runs inside the sandbox, in jest's main process: hands jest's reporter events to the driver, which loaded jest.
const listener = globalThis[Symbol.for("assay.jest")];

module.exports = class AssayReporter {
  onTestCaseStart(test, info) {
    listener?.caseStart(test.path, info);
  }
  onTestCaseResult(test, result) {
    listener?.caseResult(test.path, result);
  }
  onTestFileResult(test, result) {
    listener?.fileResult(test.path, result);
  }
  onRunComplete(_contexts, results) {
    listener?.complete(results);
  }
};
