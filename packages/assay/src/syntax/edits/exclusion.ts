/** Folders and files that never enter a workspace, whatever git says of them. */
export function alwaysExcluded(path: string): string | undefined {
  // Some file systems do not tell upper from lower case.
  const parts = path.toLowerCase().split("/");
  if (parts.includes(".git")) return "git's own data";
  if (parts[0] === ".assay") return "Assay's own state";
  if (parts.slice(0, -1).some((part) => secretFolders.has(part))) return "may hold secrets";
  const name = parts.at(-1) ?? "";
  if (/^\.assay-fresh-[0-9a-f]{16}$/.test(name)) return "left by an interrupted write of Assay";
  // Certificates and keys that tests serve with are part of the tests, and no secret to anyone who has them.
  if (keyFile.test(name))
    return parts.slice(0, -1).some((part) => testFolders.has(part)) ? undefined : "may hold secrets";
  return isSecretName(name) ? "may hold secrets" : undefined;
}

const testFolders = new Set(["test", "tests", "__tests__", "spec", "specs", "fixtures", "testdata", "test-data"]);
const keyFile = /\.(?:pem|p12|pfx|key|keystore|jks)$/;

const secretFolders = new Set([".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".gcloud"]);

const secretNames = new Set([
  ".env",
  ".envrc",
  ".npmrc",
  ".yarnrc",
  ".pypirc",
  ".netrc",
  "_netrc",
  ".git-credentials",
  ".dockercfg",
  ".htpasswd",
  ".pgpass",
  ".my.cnf",
  ".vault-token",
  ".boto",
  ".s3cfg",
  "credentials",
  "credentials.json",
  "credentials.yml",
  "credentials.yaml",
  "credentials.toml",
  "credentials.yml.enc",
  "master.key",
  "secrets.json",
  "secrets.yml",
  "secrets.yaml",
  "secrets.toml",
  "terraform.tfvars",
  "terraform.tfstate",
]);

const secretPatterns = [
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?!.*\.pub$)(?:[.\-_].*)?$/,
  /\.(?:ppk|kdbx|tfstate)$/,
  /^(?:service[-_]?account|client[-_]secret).*\.json$/,
];

/** `.env.example` and its like are documentation and hold no secrets. */
const documentedEnvironment =
  /^\.env\..*(?:example|sample|template|dist|defaults)$|^\.env\.(?:example|sample|template)\..*$/;

function isSecretName(name: string): boolean {
  if (secretNames.has(name)) return true;
  if (name.startsWith(".env.")) return !documentedEnvironment.test(name);
  return secretPatterns.some((pattern) => pattern.test(name));
}

/**
 * The first folder of `path` that holds dependencies or caches and is not part of the project's own text; asked for
 * files that git does not track, and for all files where there is no git. `dist` and `build` are not among them:
 * tests may well import them.
 */
export function dependencyFolder(path: string): string | undefined {
  const parts = path.split("/");
  const index = parts.findIndex((part) => dependencyFolders.has(part));
  return index < 0 ? undefined : parts.slice(0, index + 1).join("/");
}

const dependencyFolders = new Set([
  "node_modules",
  "bower_components",
  ".pnpm-store",
  ".yarn",
  ".venv",
  "venv",
  "__pycache__",
  "__pypackages__",
  ".tox",
  ".nox",
  ".eggs",
  ".mypy_cache",
  ".pytest_cache",
  ".ruff_cache",
  ".hypothesis",
  ".nyc_output",
  ".next",
  ".nuxt",
  ".svelte-kit",
  ".turbo",
  ".parcel-cache",
  ".gradle",
  ".hg",
  ".svn",
]);
