"""A small Discord on this machine: where people agree to sign in, and the few questions that a program may ask then."""

import base64
import hashlib
import http.server
import json
import threading
from urllib.parse import parse_qs, urlsplit

SECRET = "discord-client-secret"
CLIENT = "4711"


class DiscordStandIn:
    """Answers as Discord does, and notes what it was asked. `user` is who agrees; `roles` are theirs by server."""

    def __init__(self):
        self.user, self.roles = "200000000000000001", {}
        self.codes, self.tokens, self.asked, self.revoked = {}, set(), [], []
        self.down = False
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                stand_in.asked.append(self.path)
                token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                path = urlsplit(self.path).path
                if path == "/authorize":  # they agree at once
                    self.send_response(302)
                    self.send_header("Location", stand_in.agree(self.path))
                    return self.end_headers()
                if stand_in.down or token not in stand_in.tokens:
                    return self.answer(503 if stand_in.down else 401, {"message": "401: Unauthorized", "code": 0})
                if path == "/api/users/@me":
                    return self.answer(200, {"id": stand_in.user, "username": "sam"})
                server = path.split("/")[-2]
                if server not in stand_in.roles:
                    return self.answer(404, {"message": "Unknown Guild", "code": 10004})
                return self.answer(200, {"user": {"id": stand_in.user}, "roles": stand_in.roles[server]})

            def do_POST(self):
                stand_in.asked.append(self.path)
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(text).items()}
                if stand_in.down:
                    return self.answer(503, {})
                if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
                    return self.answer(401, {"error": "invalid_client"})
                if self.path.endswith("/revoke"):
                    stand_in.revoked.append(form["token"])
                    return self.answer(200, {})
                known = stand_in.codes.pop(form.get("code"), None)
                challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
                if known != (form["redirect_uri"], challenge.rstrip(b"=").decode()):
                    return self.answer(400, {"error": "invalid_grant"})
                token = f"token-{len(stand_in.tokens)}"
                stand_in.tokens.add(token)
                return self.answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": 604800})

            def answer(self, status, body):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def agree(self, address):
        """Return where somebody who agrees is sent back to, with a code that is good once."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert asked["client_id"] == CLIENT
        code = f"code-{len(self.asked)}-{len(self.codes)}"
        self.codes[code] = (asked["redirect_uri"], asked["code_challenge"])
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()
