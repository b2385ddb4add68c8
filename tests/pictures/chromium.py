"""Headless Chromium, driven over its debugging port: opens a page, waits until it is ready, and takes a part of it."""

import asyncio
import base64
import json
import re
import shutil
import tempfile
from contextlib import asynccontextmanager

import aiohttp

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--force-device-scale-factor=2",
)
_MARGIN = 12
# The preview says when it is ready; then its own bar is hidden, and the message's place is told.
_MESSAGE = """
(async () => {
  const pause = (time) => new Promise((done) => setTimeout(done, time));
  const busy = () => !window.simcordPreview?.ready || document.body.innerText.includes("Updating viewport");
  while (busy()) await pause(50);
  const set = (selector, name, value) => document.querySelectorAll(selector)
    .forEach((element) => element.style.setProperty(name, value, "important"));
  set(".preview-toolbar, .messages-sidebar, .inspector-panel, .drawer-scrim", "display", "none");
  set("#focused-content *", "opacity", "1");
  set("#focused-content button", "color", "white");
  await pause(300);
  const box = document.getElementById("focused-content").getBoundingClientRect();
  return JSON.stringify({ x: box.x, y: box.y, width: box.width, height: box.height });
})()
"""


class Page:
    """One page of the browser."""

    def __init__(self, socket):
        self._socket, self._number = socket, 0

    async def call(self, method, **parameters):
        """One command of the DevTools protocol, and its result."""
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        async for message in self._socket:
            reply = json.loads(message.data)
            if reply.get("id") == self._number:
                return reply["result"]
        raise RuntimeError(f"Chromium went away during {method}")

    async def take(self, url, path):
        """A picture of the message that the preview at `url` shows."""
        await self.call("Page.navigate", url=url)
        await asyncio.sleep(1)
        found = await self.call("Runtime.evaluate", expression=_MESSAGE, awaitPromise=True, returnByValue=True)
        await self._clip(json.loads(found["result"]["value"]), path)

    async def take_drawing(self, svg, width, height, path):
        """A picture of a drawing (SVG in text), as large as it is."""
        page = f'<body style="margin:0"><div style="width:{width}px">{svg}</div></body>'
        await self.call(
            "Page.navigate", url="data:text/html;charset=utf-8;base64," + base64.b64encode(page.encode()).decode()
        )
        await asyncio.sleep(1)
        await self._clip({"x": 0, "y": 0, "width": width, "height": height - 2 * _MARGIN}, path)

    async def _clip(self, box, path):
        left, top = max(box["x"] - _MARGIN, 0), max(box["y"] - _MARGIN, 0)
        size = {"width": box["width"] - left, "height": box["height"] + 2 * _MARGIN}
        clip = {"x": left, "y": top, **size, "scale": 1}
        picture = await self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(picture["data"]))


@asynccontextmanager
async def page(width, height):
    """A page of a fresh browser, with a profile of its own that goes afterwards."""
    browser = next(found for name in _NAMES if (found := shutil.which(name)))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            browser,
            *_FLAGS,
            f"--user-data-dir={profile}",
            f"--window-size={width},{height}",
            "about:blank",
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            port = None
            while port is None:
                line = (await process.stderr.readline()).decode()
                port = re.search(r"listening on ws://127\.0\.0\.1:(\d+)/", line)
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port[1]}/json/list") as response:
                    targets = await response.json(content_type=None)
                address = next(target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page")
                async with session.ws_connect(address, max_msg_size=0) as socket:
                    yield Page(socket)
        finally:
            process.terminate()
            await process.wait()
