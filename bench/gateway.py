"""The gateway under load: the same look-ups through luling (authorised, granted, masked, journalled before they are answered) and through
a bare libmicrohttpd+SQLite server, by wrk with 64 connections from the same machine."""
import base64
import json
import os
import pathlib
import random
import re
import socket
import sqlite3
import subprocess
import time
import urllib.parse
import urllib.request

SECONDS = int(os.environ.get("BENCH_SECONDS", "10"))
BASIS = "《政务数据共享条例》第十条"

QUERY = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
{authorization}
local keys = {{}}
for line in io.lines("{keys}") do keys[#keys + 1] = line end
math.randomseed(os.time() + tonumber(tostring({{}}):sub(8), 16) % 100000)
request = function() {request} end
local shown = false
response = function(status, headers, body)
  if status ~= 200 and not shown then shown = true; io.stderr:write(status, " ", body, "\\n") end
end
"""
ONE = 'return wrk.format(nil, "{path}", nil, \'{{"key":["\' .. keys[math.random(#keys)] .. \'"]}}\')'
# Three of the twelve items, as a bank that screens a list would ask for.
MANY = ('local t = {{}} for i = 1, 1000 do t[i] = \'"\' .. keys[math.random(#keys)] .. \'"\' end '
        'return wrk.format(nil, "{path}", nil, \'{{"keys":[\' .. table.concat(t, ",") .. \'],"items":["name","capital","type"]}}\')')


class Server:
    def __init__(self, command, port_of):
        self.child = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = port_of(self.child.stdout.readline())

    def stop(self):
        self.child.terminate()
        self.child.wait(30)


def run(luling, data, *args):
    done = subprocess.run([luling, "--data", data, *args], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, args))}: {done.stderr}")
    return done.stdout


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def assertion(folder, client, audience):
    """A JWT signed by openssl: the client's own tools, not ours."""
    now = int(time.time())
    head = b64(json.dumps({"alg": "EdDSA", "typ": "JWT"}).encode())
    body = b64(json.dumps({"iss": client, "sub": client, "aud": audience, "iat": now, "exp": now + 120, "jti": os.urandom(16).hex()}).encode())
    text = folder / "assertion"
    text.write_text(f"{head}.{body}")
    sig = subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", folder / "client.pem", "-rawin", "-in", text], capture_output=True, check=True).stdout
    return f"{head}.{body}.{b64(sig)}"


def token(folder, url, client):
    form = {"grant_type": "client_credentials", "client_assertion": assertion(folder, client, f"{url}/oauth/token"),
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}
    with urllib.request.urlopen(f"{url}/oauth/token", urllib.parse.urlencode(form).encode()) as reply:
        return json.load(reply)["access_token"]


def admit(luling, data, folder):
    """A client of a bank with a grant for everything."""
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", folder / "client.pem"], check=True)
    subprocess.run(["openssl", "pkey", "-in", folder / "client.pem", "-pubout", "-out", folder / "client.pub"], check=True)
    run(luling, data, "client", "add", "bench", "--organisation", "BANK", "--key", folder / "client.pub")
    bank = ["--organisation", "BANK", "--duties"]
    made = json.loads(run(luling, data, "application", "submit", "bench_firm", "--purpose", "性能测试", "--basis", BASIS, "--modes", "query,batch",
                          "--per-day", "1000000000", "--as", "bench-1", *bank, "consumer_steward", "--json"))
    scene = made[0]["scene"]
    run(luling, data, "application", "act", "endorse", scene, "--as", "bench-2", *bank, "approver")
    run(luling, data, "application", "act", "pass", scene, "--as", "hub-1", "--organisation", "BENCH", "--duties", "operator")


def more_grants(data, n):
    """Copies of the grant for other organisations' resources: what a call costs must not depend on how many there are."""
    with sqlite3.connect(data / "luling.db") as db:
        columns = [c[1] for c in db.execute("PRAGMA table_info(access_grant)")]
        others = ", ".join(c for c in columns if c not in ("id", "resource", "revision"))
        db.execute(f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n}) INSERT INTO access_grant (id, resource, {others})"
                   f" SELECT 'G-bench-' || i, 'other_' || (i % 1400), {', '.join('g.' + c for c in others.split(', '))} FROM n, access_grant g"
                   " WHERE g.resource = 'bench_firm'")


def wrk(url, script, connections=64):
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", "-s", script, url], capture_output=True, text=True, check=True)
    if out.stderr:
        raise SystemExit(out.stderr)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out.stdout)[1])
    p99, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", out.stdout).groups()
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", out.stdout)
    if failed:
        raise SystemExit(f"{failed[1]} requests were not answered with 200")
    return rate, float(p99) * {"us": 1e-3, "ms": 1, "s": 1000}[unit]


def script(folder, name, request, authorization=""):
    path = folder / name
    path.write_text(QUERY.format(authorization=authorization, keys=folder / "keys.txt", request=request))
    return path


def bench(build, folder, data):
    """data: a folder with bench_firm taken in.  Yields (what, requests a second, p99 ms, ratio to bare)."""
    luling = build / "src/cli/luling"
    segment = max(pathlib.Path(data, "service", "bench_firm").glob("*.db"), key=lambda p: p.stat().st_size)
    keys = [r[0] for r in sqlite3.connect(segment).execute("SELECT uscc FROM record")]
    (folder / "keys.txt").write_text("\n".join(random.sample(keys, min(len(keys), 100000))))
    admit(luling, data, folder)
    bare = Server([build / "bench/bench_bare_http", segment, 2], lambda line: f"http://127.0.0.1:{int(line)}")
    try:
        reference = wrk(bare.url, script(folder, "bare.lua", ONE.format(path="/")))
    finally:
        bare.stop()
    yield "bare libmicrohttpd + SQLite", *reference, 1.0
    for grants in (1, 10000):
        if grants > 1:
            more_grants(pathlib.Path(data), grants)
        serve = Server([luling, "serve", "--json", "--data", data, "--set", "listen_port=0", "--set", "http_threads=2", "--set", "http_conns=64", "--set", "log_level=warn"],
                       lambda line: json.loads(line)["url"].rstrip("/"))
        try:
            auth = f'wrk.headers["Authorization"] = "Bearer {token(folder, serve.url, "bench")}"'
            one = wrk(serve.url, script(folder, "one.lua", ONE.format(path="/v1/services/bench_firm/query"), auth))
            yield f"gateway query, {grants:,} grants", *one, one[0] / reference[0]
            if grants == 1:
                many = wrk(serve.url, script(folder, "many.lua", MANY.format(path="/v1/services/bench_firm/batch"), auth), 4)
                yield "gateway batch of 1000 keys, 3 items each (keys a second)", many[0] * 1000, many[1], None
        finally:
            serve.stop()


POSTGRAPHILE = "postgraphile@4.14.1"  # installed into the bench's own folder, which goes with it


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answers(url):
    for _ in range(100):
        try:
            urllib.request.urlopen(urllib.request.Request(url, b'{"query":"{__typename}"}', {"Content-Type": "application/json"}), timeout=5).read()
            return True
        except OSError:
            time.sleep(0.2)
    return False


def postgraphile(folder, host, columns, reference):
    """The same look-ups by GraphQL on the same table in PostgreSQL, which asks for nothing and keeps no evidence; two workers, as ours."""
    if subprocess.run(["npm", "install", "--no-save", "--silent", "--prefix", folder, POSTGRAPHILE], stdout=subprocess.DEVNULL).returncode:
        print(f"{POSTGRAPHILE}: npm could not install it, left out", flush=True)
        return
    port = free_port()
    url = f"http://127.0.0.1:{port}/graphql"
    child = subprocess.Popen([folder / "node_modules/.bin/postgraphile", "-c", f"postgres:///postgres?host={host}&user=postgres", "-s", "public", "-p", str(port),
                              "--host", "127.0.0.1", "--cluster-workers", "2", "--disable-query-log", "-q", "/graphql"],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "NODE_ENV": "production"})
    try:
        if not answers(url):
            print(f"{POSTGRAPHILE}: did not start, left out", flush=True)
            return
        fields = " ".join(re.sub(r"_(.)", lambda m: m[1].upper(), c.split()[0]) for c in columns.split(", "))
        query = f"query($k:String!){{firmByUscc(uscc:$k){{{fields}}}}}"
        one = f"""return wrk.format(nil, "/graphql", nil, '{{"query":"{query}","variables":{{"k":"' .. keys[math.random(#keys)] .. '"}}}}')"""
        rate, p99 = wrk(url, script(folder, "graphile.lua", one))
        yield f"{POSTGRAPHILE} on PostgreSQL (what one would pick instead; no grants, no evidence)", rate, p99, rate / reference
    finally:
        child.terminate()
        child.wait()
