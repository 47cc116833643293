# Python 3.9+ with the package cryptography.  client.pem: your private key (Ed25519, PKCS#8).
import base64
import json
import time
import urllib.parse
import urllib.request
import uuid

from cryptography.hazmat.primitives.serialization import load_pem_private_key

BASE = @BASE@
CLIENT = @CLIENT@
BODY = @BODY@


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def token():
    """An assertion signed with your key, exchanged for a token.  Keep the token until it expires."""
    now = int(time.time())
    claims = {"iss": CLIENT, "sub": CLIENT, "aud": BASE + "/oauth/token", "jti": str(uuid.uuid4()), "iat": now, "exp": now + 120}
    signed = b64url(b'{"alg":"EdDSA"}') + b"." + b64url(json.dumps(claims).encode())
    with open("client.pem", "rb") as file:
        key = load_pem_private_key(file.read(), password=None)
    form = urllib.parse.urlencode({
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": (signed + b"." + b64url(key.sign(signed))).decode(),
    })
    with urllib.request.urlopen(BASE + "/oauth/token", form.encode()) as reply:
        return json.load(reply)["access_token"]


request = urllib.request.Request(
    BASE + "/v1/services/@SERVICE@/query", BODY.encode(),
    {"Authorization": "Bearer " + token(), "Content-Type": "application/json"})
with urllib.request.urlopen(request) as reply:
    # The state of every value, and the receipt of the journal: keep it.
    print(json.dumps(json.load(reply), ensure_ascii=False, indent=2))
