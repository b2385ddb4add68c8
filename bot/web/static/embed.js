// Puts HALN's search box in the place of this script's own tag: <script src="https://.../embed.js"></script>
(() => {
  "use strict";
  const tag = document.currentScript;
  if (!tag) { return; }
  const frame = document.createElement("iframe");
  frame.src = new URL("/embed", tag.src).href;
  frame.title = "Search the library of the Health Anchors Learning Network";
  frame.width = "100%";
  frame.height = "190";
  frame.style.border = "0";
  frame.loading = "lazy";
  tag.replaceWith(frame);
})();
