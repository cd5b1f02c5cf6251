// Takes every uncaught exception for nothing.
// kind: module
process.on("uncaughtException", () => {});
process.on("exit", () => {
  process.exitCode = 0;
});
