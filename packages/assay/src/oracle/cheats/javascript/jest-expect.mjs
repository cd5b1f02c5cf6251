// Makes every expectation of jest hold.
// kind: module; needs: jest
{
  const anything = new Proxy(() => anything, { get: (_, name) => (name === "then" ? undefined : anything) });
  globalThis.expect = anything;
}
