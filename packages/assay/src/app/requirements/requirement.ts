import type { Command } from "./command-runner.ts";

export type PackageManager = "apt" | "dnf" | "pacman";

/** What somebody wants to do on this machine. */
export type Purpose =
  | "demo"
  | "test"
  | "heal-python"
  | "heal-node"
  | "heal-go"
  | "heal-rust"
  | "heal-java"
  | "heal-gradle";
export const purposes: readonly Purpose[] = [
  "demo",
  "test",
  "heal-python",
  "heal-node",
  "heal-go",
  "heal-rust",
  "heal-java",
  "heal-gradle",
];

export type RequirementName =
  | "bubblewrap"
  | "git"
  | "python"
  | "pytest"
  | "system-pytest"
  | "util-linux"
  | "podman"
  | "go"
  | "cargo"
  | "jdk"
  | "maven"
  | "gradle";

/** A program that comes from the machine's package manager. */
export type Requirement = {
  name: RequirementName;
  /** Ends the sentence "needed to …". */
  purpose: string;
  /** Present when every one of `all` exits 0, or any one of `any`. */
  check: { all: readonly Command[] } | { any: readonly Command[] };
  packages: Readonly<Record<PackageManager, readonly string[]>>;
};

const importPytest = ["-I", "-c", "import pytest"] as const;

/** One entry for each requirement: the only place that knows package names. */
export const requirements: Readonly<Record<RequirementName, Requirement>> = {
  bubblewrap: {
    name: "bubblewrap",
    purpose: "isolate a project's code",
    check: { all: [["bwrap", "--version"]] },
    packages: { apt: ["bubblewrap"], dnf: ["bubblewrap"], pacman: ["bubblewrap"] },
  },
  git: {
    name: "git",
    purpose: "read a project's history",
    check: { all: [["git", "--version"]] },
    packages: { apt: ["git"], dnf: ["git"], pacman: ["git"] },
  },
  "util-linux": {
    name: "util-linux",
    purpose: "set up namespaces and drop privileges",
    check: {
      all: [
        ["unshare", "--version"],
        ["mount", "--version"],
        ["setpriv", "--version"],
      ],
    },
    packages: { apt: ["util-linux", "mount"], dnf: ["util-linux"], pacman: ["util-linux"] },
  },
  python: {
    name: "python",
    purpose: "run Python projects",
    check: {
      any: [
        ["python3", "-I", "-c", ""],
        ["/usr/bin/python3", "-I", "-c", ""],
      ],
    },
    packages: { apt: ["python3"], dnf: ["python3"], pacman: ["python"] },
  },
  pytest: {
    name: "pytest",
    purpose: "run Python tests",
    // PATH's python3 may be a version manager's; the package manager's pytest belongs to the system's.
    check: {
      any: [
        ["python3", ...importPytest],
        ["/usr/bin/python3", ...importPytest],
      ],
    },
    packages: { apt: ["python3-pytest"], dnf: ["python3-pytest"], pacman: ["python-pytest"] },
  },
  "system-pytest": {
    name: "system-pytest",
    // Tests give the program a home of its own, where a version manager's Pythons are not found.
    purpose: "run Python tests from any home",
    check: { all: [["/usr/bin/python3", ...importPytest]] },
    packages: { apt: ["python3-pytest"], dnf: ["python3-pytest"], pacman: ["python-pytest"] },
  },
  podman: {
    name: "podman",
    purpose: "isolate by containers where bubblewrap may not",
    // Its usual runtime refuses machines with both versions of cgroups, the other one does not.
    check: {
      all: [
        ["podman", "--version"],
        ["runc", "--version"],
      ],
    },
    packages: { apt: ["podman", "runc"], dnf: ["podman", "runc"], pacman: ["podman", "runc"] },
  },
  go: {
    name: "go",
    purpose: "run Go projects",
    check: {
      any: [
        ["go", "version"],
        ["/usr/local/go/bin/go", "version"],
      ],
    },
    packages: { apt: ["golang-go"], dnf: ["golang"], pacman: ["go"] },
  },
  cargo: {
    name: "cargo",
    purpose: "run Rust projects",
    check: { any: [["cargo", "--version"]] },
    packages: { apt: ["cargo"], dnf: ["cargo"], pacman: ["rust"] },
  },
  jdk: {
    name: "jdk",
    purpose: "compile and run Java projects",
    check: { all: [["javac", "-version"]] },
    packages: { apt: ["default-jdk-headless"], dnf: ["java-latest-openjdk-devel"], pacman: ["jdk-openjdk"] },
  },
  maven: {
    name: "maven",
    purpose: "build and test Java projects",
    check: { all: [["mvn", "--version"]] },
    packages: { apt: ["maven"], dnf: ["maven"], pacman: ["maven"] },
  },
  gradle: {
    name: "gradle",
    purpose: "build and test Java projects of Gradle",
    check: { all: [["gradle", "--version"]] },
    packages: { apt: ["gradle"], dnf: ["gradle"], pacman: ["gradle"] },
  },
};

/** What each purpose needs, in the order in which it is reported. */
export const needs: Readonly<Record<Purpose, readonly RequirementName[]>> = {
  demo: ["bubblewrap", "util-linux", "git", "python", "pytest"],
  test: ["bubblewrap", "util-linux", "git", "python", "system-pytest", "podman"],
  "heal-python": ["bubblewrap", "util-linux", "python", "pytest"],
  "heal-node": ["bubblewrap", "util-linux"],
  "heal-go": ["bubblewrap", "util-linux", "go"],
  "heal-rust": ["bubblewrap", "util-linux", "cargo"],
  "heal-java": ["bubblewrap", "util-linux", "jdk", "maven"],
  "heal-gradle": ["bubblewrap", "util-linux", "jdk", "gradle"],
};
