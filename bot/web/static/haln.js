// What makes the pages smoother where scripts run. Every page works without it.
(() => {
  "use strict";
  const summary = document.querySelector(".nhsuk-error-summary");
  if (summary) { summary.focus(); }

  // A question takes a moment: say so, and let nobody send it twice.
  for (const form of document.querySelectorAll("form[data-busy]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
      const told = form.querySelector(".haln-busy");
      if (told) { told.textContent = form.dataset.busy; told.classList.add("haln-busy--on"); }
    });
  }
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-busy]")) {
      delete form.dataset.sent;
      const told = form.querySelector(".haln-busy");
      if (told) { told.textContent = ""; told.classList.remove("haln-busy--on"); }
    }
  });

  // What is being written is kept in this browser until the server has it.
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = `haln-draft-${form.dataset.draft}`;
    const fields = [...form.querySelectorAll("textarea, input[type=text]")];
    let kept = {};
    try { kept = JSON.parse(localStorage.getItem(key) || "{}"); } catch { kept = {}; }
    for (const field of fields) {
      if (!field.value && kept[field.name]) { field.value = kept[field.name]; }
    }
    const keep = () => {
      const values = Object.fromEntries(fields.map((field) => [field.name, field.value]));
      try { localStorage.setItem(key, JSON.stringify(values)); } catch { /* a full or closed store costs the copy only */ }
    };
    form.addEventListener("input", keep);
  }
  for (const note of document.querySelectorAll("[data-draft-saved]")) {
    try { localStorage.removeItem(`haln-draft-${note.dataset.draftSaved}`); } catch { /* as above */ }
  }
})();
