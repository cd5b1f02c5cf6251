import { describe, expect, test } from "vitest";
import { HostRules, isHostRule, parseHostPort } from "./host-rules.ts";
import { isPublicAddress } from "./public-address.ts";

const rules = new HostRules([
  "api.example.com",
  "*.cdn.example.com",
  "example.org:8443",
  "127.0.0.1:99",
  "[::1]:99",
  "localhost",
]);
const ask = (target: string) => {
  const asked = parseHostPort(target);
  return asked === undefined ? "malformed" : rules.ask(asked).kind;
};

test("a host is allowed by its whole name and port, whatever its case, with or without the last dot", () => {
  for (const target of [
    "api.example.com:443",
    "API.Example.COM.:443",
    "a.b.cdn.example.com:443",
    "example.org:8443",
    "127.0.0.1:99",
    "[::1]:99",
  ]) {
    expect([target, ask(target)]).toEqual([target, "allowed"]);
  }
});

test("everything else is refused: other ports, names that only end or begin alike, the domain of a wildcard itself", () => {
  for (const target of [
    "api.example.com:80",
    "example.org:443",
    "xapi.example.com:443",
    "api.example.com.evil.net:443",
    "cdn.example.com:443",
    "evilcdn.example.com:443",
    "127.0.0.1:443",
    "127.0.0.2:99",
  ]) {
    expect([target, ask(target)]).toEqual([target, "refused"]);
  }
});

test("an address is the same however it is written", () => {
  for (const target of ["2130706433:99", "0x7f.1:99", "0177.0.0.1:99", "127.1:99", "[0:0:0:0:0:0:0:1]:99"]) {
    expect([target, ask(target)]).toEqual([target, "allowed"]);
  }
});

test("what is no host and port is malformed", () => {
  for (const target of [
    "",
    "example.com",
    "example.com:",
    "example.com:0",
    "example.com:65536",
    "a b:443",
    "user@api.example.com:443",
    "http://api.example.com:443",
    "api.example.com:443/x",
    `${"a".repeat(300)}:443`,
  ]) {
    expect([target, ask(target)]).toEqual([target, "malformed"]);
  }
});

test("an entry names one host or what is below a domain", () => {
  for (const entry of ["*", "*.com", "*.*.com", "", "https://example.com", "*.127.0.0.1", "a.*.com"]) {
    expect([entry, isHostRule(entry)]).toEqual([entry, false]);
  }
  expect(() => new HostRules(["*"])).toThrow(RangeError);
});

describe("an address", () => {
  test("of an own, local, shared, reserved or disguised network is not public", () => {
    const own =
      "0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.168.0.1 198.18.0.1 224.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::7f00:1 64:ff9b::7f00:1 fe80::1 fc00::1 fd12::1 ff02::1 2002:7f00:1:: 2001::1 2001:db8::1 fec0::1";
    for (const address of own.split(" ")) expect([address, isPublicAddress(address)]).toEqual([address, false]);
  });

  test("that everybody can reach is", () => {
    for (const address of [
      "8.8.8.8",
      "172.32.0.1",
      "100.128.0.1",
      "169.253.0.1",
      "2606:4700::1111",
      "2a00:1450:4001::1",
    ]) {
      expect([address, isPublicAddress(address)]).toEqual([address, true]);
    }
  });

  test("that is none is not", () => {
    for (const text of ["", "localhost", "8.8.8", "1.2.3.4.5", ":::"]) expect(isPublicAddress(text)).toBe(false);
  });
});
