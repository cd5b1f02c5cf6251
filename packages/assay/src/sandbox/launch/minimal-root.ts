import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { RuntimeDirectory } from "../runtime-directory.ts";

/** What programs read below /etc to start and to name the local host; nothing that tells about this machine's people. */
const etcFiles = /^(ld\.so\.cache|localtime|timezone|os-release|mime\.types|protocols|services)$/;
/** Folders that packages below /usr link into. */
const etcFolders = /^(alternatives|fonts|java-.*|python3\..*|php|perl|ruby|maven)$/;

/** Kernel interfaces that leak about the host, as container engines hide them. */
const hiddenInProc = ["acpi", "asound", "kcore", "keys", "latency_stats", "sched_debug", "scsi", "timer_list"];

/** Bubblewrap's arguments for a root with the system's programs and nothing of its users; made once per process. */
export function minimalRootArguments(runtime: RuntimeDirectory, uid: number): string[] {
  const args = ["--ro-bind", "/usr", "/usr"];
  for (const name of ["bin", "sbin", "lib", "lib32", "lib64", "libx32"]) {
    const path = `/${name}`;
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (status?.isSymbolicLink()) args.push("--symlink", readlinkSync(path), path);
    else if (status?.isDirectory()) args.push("--ro-bind", path, path);
  }
  args.push(...etcArguments(runtime, uid), "--proc", "/proc", "--dev", "/dev");
  for (const name of hiddenInProc) {
    const path = join("/proc", name);
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (status?.isDirectory()) args.push("--size", "4096", "--tmpfs", path, "--remount-ro", path);
    else if (status !== undefined) args.push("--ro-bind", "/dev/null", path);
  }
  return args;
}

/** Files are copied into one folder, for each mount takes time at every launch; folders are bound. */
function etcArguments(runtime: RuntimeDirectory, uid: number): string[] {
  const etc = writeEtc(runtime, uid);
  const folders = readdirSync(etc).filter((name) => lstatSync(join(etc, name)).isDirectory());
  return [
    "--ro-bind",
    etc,
    "/etc",
    ...folders.flatMap((name) => ["--ro-bind", join("/etc", name), join("/etc", name)]),
  ];
}

/** Makes the folder that appears as /etc, with an empty folder for each of this machine's that is bound there; returns its path. */
export function writeEtc(runtime: RuntimeDirectory, uid: number): string {
  const etc = runtime.folder("etc");
  for (const name of readdirSync("/etc")) {
    const path = join("/etc", name);
    const link = lstatSync(path).isSymbolicLink();
    const status = statSync(path, { throwIfNoEntry: false });
    if (etcFiles.test(name) && link) symlinkSync(readlinkSync(path), join(etc, name));
    else if (etcFiles.test(name) && status?.isFile()) copyFileSync(path, join(etc, name));
    else if (etcFolders.test(name) && status?.isDirectory()) mkdirSync(join(etc, name));
  }
  for (const [name, content] of Object.entries(ownEtcFiles(uid))) writeFileSync(join(etc, name), content);
  return etc;
}

function ownEtcFiles(uid: number): Record<string, string> {
  const user = uid === 0 ? "" : `assay:x:${uid}:${uid}:assay:/tmp:/bin/sh\n`;
  const group = uid === 0 ? "" : `assay:x:${uid}:\n`;
  return {
    passwd: `root:x:0:0:root:/:/bin/sh\n${user}`,
    group: `root:x:0:\n${group}`,
    hosts: "127.0.0.1 localhost assay\n::1 localhost\n",
    // Container engines mount their own over these two, and need something to mount them on.
    hostname: "assay\n",
    "resolv.conf": "",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
  };
}
