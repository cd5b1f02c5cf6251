import { parse } from "smol-toml";
import { z } from "zod";

/** The few settings of pytest that say where tests are. */
export type PytestSettings = {
  /** Where they were found; absent: pytest is not configured. */
  file?: string;
  testPaths: string[];
  pythonFiles: string[];
  pythonPath: string[];
};

const wordsSchema = z
  .union([z.string().transform((text) => text.split(/\s+/).filter(Boolean)), z.array(z.string())])
  .catch([]);
const settingsSchema = z
  .object({
    testpaths: wordsSchema.default([]),
    python_files: wordsSchema.default([]),
    pythonpath: wordsSchema.default([]),
  })
  .transform(({ testpaths, python_files, pythonpath }) => ({
    testPaths: testpaths,
    pythonFiles: python_files,
    pythonPath: pythonpath,
  }));
const pyprojectSchema = z.object({
  tool: z.object({ pytest: z.object({ ini_options: z.unknown() }).partial().loose().optional() }).optional(),
});

/** In pytest's own order of precedence. */
const sources: readonly { file: string; read: (text: string) => unknown }[] = [
  { file: "pytest.toml", read: (text) => tomlTable(text, "pytest") ?? {} },
  { file: ".pytest.toml", read: (text) => tomlTable(text, "pytest") ?? {} },
  { file: "pytest.ini", read: (text) => iniSection(text, "pytest") ?? {} },
  { file: ".pytest.ini", read: (text) => iniSection(text, "pytest") ?? {} },
  { file: "pyproject.toml", read: pyprojectSettings },
  { file: "tox.ini", read: (text) => iniSection(text, "pytest") },
  { file: "setup.cfg", read: (text) => iniSection(text, "tool:pytest") },
];

/** Reads them from the project's root; what cannot be parsed counts as absent, since pytest itself will say so. */
export async function pytestSettings(read: (file: string) => Promise<string | undefined>): Promise<PytestSettings> {
  for (const source of sources) {
    const text = await read(source.file);
    const settings = text === undefined ? undefined : source.read(text);
    if (settings !== undefined) return { file: source.file, ...settingsSchema.parse(settings) };
  }
  return { testPaths: [], pythonFiles: [], pythonPath: [] };
}

function pyprojectSettings(text: string): unknown {
  const parsed = pyprojectSchema.safeParse(tomlDocument(text));
  const pytest = parsed.data?.tool?.pytest;
  return pytest === undefined ? undefined : (pytest.ini_options ?? pytest);
}

function tomlTable(text: string, name: string): unknown {
  return z.record(z.string(), z.unknown()).safeParse(tomlDocument(text)).data?.[name];
}

function tomlDocument(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Keys of one section; indented lines continue the value above, as in Python's configparser. */
export function iniSection(text: string, section: string): Record<string, string> | undefined {
  let found: Record<string, string> | undefined;
  let inside = false;
  let key: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\[([^\]]+)\]/.exec(line);
    if (/^\s*[#;]/.test(line)) continue;
    if (header !== null) {
      inside = header[1] === section;
      key = undefined;
      if (inside) found ??= {};
    } else if (inside && found !== undefined) {
      const entry = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(line);
      if (entry !== null) {
        key = entry[1] ?? "";
        found[key] = entry[2] ?? "";
      } else if (key !== undefined && /^\s+\S/.test(line)) found[key] += ` ${line.trim()}`;
    }
  }
  return found;
}
