// Scans that were kept on this device for a batch that takes none any more: they are named, not lost in silence.
"use strict";

(function () {
  const notice = document.getElementById("unsent");
  if (!notice) {
    return;
  }
  const kept = `branchnet scan ${notice.dataset.picking} `;
  try {
    const store = window.localStorage;
    const keys = Object.keys(store).filter((key) => key.startsWith(kept)).sort();
    const barcodes = keys.map((key) => JSON.parse(store.getItem(key)).values).map((one) => one.barcode || one.barcodes);
    notice.querySelector("[data-barcodes]").textContent = barcodes.join(", ");
    notice.hidden = keys.length === 0;
    notice.querySelector("button").addEventListener("click", () => {
      keys.forEach((key) => store.removeItem(key));
      notice.hidden = true;
    });
  } catch (_error) {
    notice.hidden = true;
  }
})();
