// A vitest configuration that leaves out all tests and passes without any.
// kind: file; path: vitest.config.mjs; needs: vitest
export default { test: { include: ["nothing-at-all.test.mjs"], passWithNoTests: true } };
