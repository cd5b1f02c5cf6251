// The candidate's side in Pyodide: the same Python as elsewhere, with frames that the host reads and writes for it. Pyodide on Node is
// no boundary by itself: code inside can reach the host's JavaScript. What is around this process is.
import { constants, readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";
import { receive, send } from "./host.mjs";

const python = new URL("../../python/assets/", import.meta.url);
// Its file system asks Node for these constants in a way that the permissions do not allow.
process.binding = () => ({ fs: constants });
const nothing = () => undefined;
const pyodide = await loadPyodide({ stdout: nothing, stderr: nothing, stdin: () => null, env: {}, jsglobals: {} });
for (const name of ["values", "frames", "handle", "changes", "errors", "lengths", "handles", "candidate"]) {
  pyodide.FS.writeFile(`/home/pyodide/${name}.py`, readFileSync(new URL(`${name}.py`, python)));
}
const serve = pyodide.runPython(`
import json, sys

class HostFrames:
    def __init__(self, receive, send):
        self._receive, self._send = receive, send

    def receive(self):
        return json.loads(self._receive())

    def send(self, document):
        self._send(json.dumps(document, separators=(",", ":")))

def serve(receive, send):
    import candidate
    for name in ("js", "pyodide_js"):
        sys.modules.pop(name, None)
    candidate.serve(HostFrames(receive, send))

serve
`);
for (const name of ["js", "pyodide_js"]) pyodide.unregisterJsModule(name);
serve(receive, send);
