import { describe, expect, test } from "vitest";
import { shellCommands } from "./shell-words.ts";
import { readTestCommand } from "./test-command.ts";

const read = (script: string, more: Record<string, string> = {}) => readTestCommand({ test: script, ...more });

describe("shellCommands", () => {
  test("splits commands at operators and words at spaces, without quotes", () => {
    expect(shellCommands(`tsc -p "my app" && node --test 'test/*.js'; echo a\\ b`)).toEqual([
      ["tsc", "-p", "my app"],
      ["node", "--test", "test/*.js"],
      ["echo", "a b"],
    ]);
  });
});

describe("readTestCommand", () => {
  test.each([
    ["node --test", "node --test", []],
    ["node --test test/", "node --test", ["test/"]],
    ["tsx --test src/**/*.test.ts", "node --test", ["src/**/*.test.ts"]],
    ["node test/run.js", "node", ["test/run.js"]],
    ["vitest run", "vitest", ["run"]],
    ["vitest", "vitest", []],
    ["jest --ci", "jest", ["--ci"]],
    ["npx jest", "jest", []],
    ["node node_modules/jest/bin/jest.js --ci", "jest", ["--ci"]],
    ["react-scripts test", "react-scripts", ["test"]],
    ["c8 --all mocha", "mocha", []],
    ["yarn vitest run", "vitest", ["run"]],
    ["pnpm exec vitest", "vitest", []],
  ])("takes %j for %s", (script, tool, args) => {
    expect(read(script)).toMatchObject({ tool, args });
  });

  test("keeps the flags of node that decide how sources load, drops the rest and names what may matter", () => {
    const command = read(
      "node --import tsx -r ./setup.cjs --test --watch --test-reporter=spec --frozen --test-timeout 5000",
    );
    expect(command?.nodeFlags).toEqual(["--import=tsx", "--require=./setup.cjs", "--test-timeout=5000"]);
    expect(command?.dropped).toEqual(["--frozen"]);
    expect(read("tsx --test")?.nodeFlags).toEqual(["--import=tsx"]);
  });

  test("keeps assignments, also those of cross-env", () => {
    expect(read("TZ=UTC cross-env NODE_OPTIONS=--experimental-vm-modules jest")?.env).toEqual({
      TZ: "UTC",
      NODE_OPTIONS: "--experimental-vm-modules",
    });
  });

  test("follows scripts that run others and says what runs before the tests", () => {
    const command = read("npm run lint && npm run build && npm run unit", {
      lint: "eslint .",
      build: "tsc",
      unit: "node --test dist",
    });
    expect(command).toMatchObject({ tool: "node --test", args: ["dist"] });
    expect(command?.before).toContain("tsc");
  });

  test("ends for scripts that run one another in a circle", () => {
    expect(read("npm run again", { again: "npm test" })).toBeUndefined();
  });

  test("knows no tool in a script that runs none", () => {
    expect(read('echo "Error: no test specified" && exit 1')).toBeUndefined();
    expect(readTestCommand({})).toBeUndefined();
  });
});
