// Turns the exit code into 0 from an exit handler.
// kind: module
process.on("exit", () => {
  process.exitCode = 0;
  process.reallyExit(0);
});
