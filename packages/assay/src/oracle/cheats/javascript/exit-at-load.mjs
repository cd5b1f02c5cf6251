// Ends the process with code 0 while the module is loaded.
// kind: module
process.exit(0);
