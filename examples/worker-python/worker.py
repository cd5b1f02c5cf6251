"""A worker for Assay in Python: standard library only, Connect's JSON over HTTP/1.1.

    ASSAY_API_KEY=... python3 worker.py --url http://127.0.0.1:8420 [--tasks N]

It registers as an analyzer, claims `analyze` tasks and answers with what the failures and files say. Signing is Ed25519 by the program
`openssl`, for Python has none of its own. docs/guides/workers.md says what each message means.
"""

import argparse
import base64
import http.client
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import threading
from urllib.parse import urlsplit

SERVICE = "/assay.worker.v1.WorkerService/"
NONCE = "application/vnd.assay.worker-nonce"
STATEMENT = "application/vnd.assay.work-statement+json"
MESSAGE_BYTES_MAX = 32 * 1024 * 1024


class Refused(Exception):
    """The daemon's fault: `code` is of its table, e.g. lease-lost."""

    def __init__(self, error):
        details = [detail.get("debug", {}) for detail in error.get("details", [])]
        self.code = next((detail["code"] for detail in details if "code" in detail), error.get("code", "unknown"))
        super().__init__(f"{self.code}: {error.get('message', '')}")


class Key:
    """An Ed25519 key in a file that only its owner can read."""

    def __init__(self, path):
        self.path = path
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)
            pem = subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519"], check=True, capture_output=True).stdout
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(pem)
        made = subprocess.run(["openssl", "pkey", "-in", path, "-pubout"], check=True, capture_output=True)
        self.public = made.stdout.decode()

    def sign(self, kind, payload):
        """Over DSSE's encoding of type and payload, in base64 as JSON carries bytes."""
        encoded = b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)
        # openssl signs Ed25519 from a file only: it must know the length before it begins.
        with tempfile.NamedTemporaryFile() as file:
            file.write(encoded)
            file.flush()
            command = ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.path, "-in", file.name]
            signature = subprocess.run(command, check=True, capture_output=True).stdout
        return base64.b64encode(signature).decode()


class Daemon:
    def __init__(self, url, bearer):
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        self.connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self.host, self.port = parts.hostname, parts.port
        self.bearer = bearer

    def post(self, method, body, content_type):
        connection = self.connect(self.host, self.port, timeout=60)
        headers = {"Content-Type": content_type, "Authorization": f"Bearer {self.bearer}", "Connect-Protocol-Version": "1"}
        connection.request("POST", SERVICE + method, body, headers)
        return connection, connection.getresponse()

    def call(self, method, message):
        connection, response = self.post(method, json.dumps(message).encode(), "application/json")
        try:
            answer = json.loads(response.read(MESSAGE_BYTES_MAX) or b"{}")
        except ValueError:
            raise Refused({"code": "usage", "message": f"no daemon answers there (HTTP {response.status})"}) from None
        finally:
            connection.close()
        if response.status != 200:
            raise Refused(answer)
        return answer

    def stream(self, method, message):
        """Each message of a server's stream. In Connect's envelope: a byte of flags, four of length, then JSON."""
        body = json.dumps(message).encode()
        connection, response = self.post(method, struct.pack(">BI", 0, len(body)) + body, "application/connect+json")
        try:
            while True:
                head = response.read(5)
                if len(head) < 5:
                    raise ConnectionError("the stream broke off")
                flags, length = struct.unpack(">BI", head)
                if length > MESSAGE_BYTES_MAX:
                    raise ConnectionError("the daemon sent too much at once")
                answer = json.loads(response.read(length))
                if flags & 2:  # the end, with an error where there was one
                    if "error" in answer:
                        raise Refused(answer["error"])
                    return
                yield answer
        finally:
            connection.close()


def canonical(document):
    """RFC 8785 for what a statement holds: strings without control characters, and whole numbers."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def register(daemon, key, name):
    nonce = daemon.call("Challenge", {})["nonce"]
    registered = daemon.call(
        "Register",
        {
            "name": name,
            "role": "ROLE_ANALYZER",
            "capabilities": ["python"],
            "publicKey": key.public,
            "nonce": nonce,
            "proof": key.sign(NONCE, nonce.encode()),
        },
    )
    daemon.bearer = registered["token"]
    return registered


def fetch(daemon, claim, digest):
    chunks = daemon.stream("FetchBlob", {"claim": claim, "digest": digest})
    return b"".join(base64.b64decode(answer.get("chunk", "")) for answer in chunks)


def analyze(task, files):
    """What an analyzer can say without running anything: what failed, and where a name of the failure is defined."""
    findings = []
    for failure in task.get("failures", []):
        message = json.dumps(failure)
        for path, text in files.items():
            for number, line in enumerate(text.splitlines(), 1):
                defined = re.match(r"\s*(?:def|class|function|func)\s+(\w+)", line)
                if defined and re.search(rf"\b{re.escape(defined[1])}\b", message):
                    title = f"{defined[1]} is named by a failure"
                    findings.append({"title": title, "detail": line.strip()[:500], "file": path, "line": number})
    summary = f"{len(files)} files, {len(task.get('failures', []))} failures, {len(findings)} places that they name"
    return {"version": 1, "kind": "analyze", "summary": summary, "findings": findings[:1000]}


def keep(daemon, claim, heartbeat_ms, ended):
    """Heartbeats in the background, until the work has ended or the claim is lost."""
    while not ended.wait(heartbeat_ms / 1000):
        try:
            answer = daemon.call("Heartbeat", {"state": "STATE_EXECUTE", "holding": [claim]})
        except (OSError, http.client.HTTPException):
            continue  # the claim may still hold when the daemon is back
        except Refused:
            ended.set()
            return
        if answer.get("stop") or not all(standing.get("held") for standing in answer.get("standings", [])):
            ended.set()


def work(daemon, key, worker, task, heartbeat_ms):
    claim = task["claim"]
    ended = threading.Event()
    keeping = threading.Thread(target=keep, args=(daemon, claim, heartbeat_ms, ended), daemon=True)
    keeping.start()
    try:
        document = json.loads(fetch(daemon, claim, task["input"]))
        names = {file["path"]: file["digest"] for file in document["files"][:500]}
        files = {path: fetch(daemon, claim, digest).decode("utf-8", "replace") for path, digest in names.items()}
        output = json.dumps(analyze(document, files)).encode()
        if ended.is_set():
            return False  # lost or stopped: nothing is reported
        content = base64.b64encode(output).decode()
        digest = daemon.call("PutBlob", {"claim": claim, "content": content})["digest"]
        statement = canonical({**claim, "worker": worker, "outcome": "done", "output": digest})
        report = {
            "claim": claim,
            "outcome": "OUTCOME_DONE",
            "output": digest,
            "detail": "read, nothing was run",
            "statement": base64.b64encode(statement).decode(),
            "signature": key.sign(STATEMENT, statement),
        }
        daemon.call("Report", report)
        return True
    finally:
        ended.set()
        keeping.join()


def default_key():
    """In the user's configuration: a private key has no place in the folder, perhaps a project's, that this is started in."""
    config = os.environ.get("XDG_CONFIG_HOME", "")
    config = config if os.path.isabs(config) else os.path.expanduser("~/.config")
    return os.path.join(config, "assay", "worker-keys", "python-example.pem")


def serve(daemon, key, registered):
    """Yields after each task, until the stream of claims breaks off."""
    for answer in daemon.stream("Claim", {"capacity": 1}):
        if "task" not in answer:
            continue
        finished = work(daemon, key, registered["worker"], answer["task"], registered["heartbeatMs"])
        print(f"{answer['task']['claim']['task']}: {'reported' if finished else 'dropped'}", flush=True)
        yield


def main():
    parser = argparse.ArgumentParser(description="A worker for Assay that reads failures")
    parser.add_argument("--url", required=True)
    parser.add_argument("--name", default="python-example")
    parser.add_argument("--key", default=default_key(), help="its Ed25519 key; made where there is none. Default: %(default)s")
    parser.add_argument("--tasks", type=int, default=0, help="end after so many; 0: never")
    options = parser.parse_args()
    api_key = os.environ.get("ASSAY_API_KEY") or sys.exit("set ASSAY_API_KEY to a key of scope workers")
    try:
        key = Key(options.key)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"cannot use the key {options.key} with openssl: {error}")
    done = failures = 0
    while True:
        daemon = Daemon(options.url, api_key)
        registered = None
        try:
            registered = register(daemon, key, options.name)
            print(f"registered as {registered['worker']}", flush=True)
            for _ in serve(daemon, key, registered):
                failures = 0
                done += 1
                if done == options.tasks:
                    return
        except Refused as refusal:
            # A token ends after minutes: then it registers again. What is refused otherwise will be refused again.
            has_ended = registered is not None and refusal.code in ("unauthorized", "lease-lost")
            if not has_ended and refusal.code not in ("daemon-unreachable", "rate-limited"):
                sys.exit(f"{options.url} refuses this worker: {refusal}")
        except (OSError, http.client.HTTPException) as error:
            print(f"cannot reach {options.url}: {error}; tries again", file=sys.stderr, flush=True)
        failures += 1
        threading.Event().wait(random.uniform(0.5, 1) * min(5, 0.1 * 2 ** min(failures, 10)))


if __name__ == "__main__":
    main()
