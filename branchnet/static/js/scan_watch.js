// Two clerks on one batch: every few seconds the page asks what the other one changed; unseen or busy, it does not ask.
"use strict";

(function () {
  const section = document.querySelector("[data-changes]");
  const picking = window.branchnetPicking;
  if (!section || !picking) {
    return;
  }
  const EVERY_MS = 4000;

  const ask = async () => {
    if (document.hidden || picking.busy()) {
      return;
    }
    const stamp = document.getElementById("stamp").value;
    const query = new URLSearchParams({ stamp, box: picking.box() });
    const response = await fetch(`${section.dataset.changes}?${query}`, { headers: { "HX-Request": "true" } });
    if (response.status !== 200 || response.redirected) {
      return;
    }
    const text = await response.text();
    // A scan that went out meanwhile is answered with what is newer.
    if (!picking.busy() && document.getElementById("stamp").value === stamp) {
      picking.show(text);
    }
  };

  window.setInterval(() => ask().catch(() => null), EVERY_MS);
})();
