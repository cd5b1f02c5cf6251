// Ends the process with code 0 a moment after the module was loaded.
// kind: module
setTimeout(() => process.exit(0), 0);
