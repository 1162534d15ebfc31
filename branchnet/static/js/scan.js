// Hands stay on the scanner: every scan is taken at once, sent one after the other, and sent again until it is answered.
"use strict";

(function () {
  const form = document.getElementById("scan");
  const field = form && form.querySelector("[data-scan]");
  const said = document.getElementById("said");
  if (!field) {
    return;
  }
  const RETRY_AFTER_MS = 2000;
  let waiting = Promise.resolve();

  const newId = () => {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const tell = (text) => {
    const notice = document.createElement("div");
    notice.className = "notice notice-look";
    const words = document.createElement("p");
    words.textContent = text;
    notice.append(words);
    said.replaceChildren(notice);
  };

  const pause = () => new Promise((resolve) => window.setTimeout(resolve, RETRY_AFTER_MS));

  // The same operation id every time: however often it arrives, the copy is added once.
  const send = async (values) => {
    for (;;) {
      try {
        await window.htmx.ajax("POST", form.action, { target: "#picked", swap: "innerHTML", values });
        return;
      } catch (_error) {
        tell(`${form.dataset.offline} ${values.barcode}`);
        await pause();
      }
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    values.barcode = values.barcode.trim();
    field.value = "";
    field.focus();
    if (values.barcode) {
      values.op_id = newId();
      waiting = waiting.then(() => send(values));
    }
  });

  // A refusal is an answer too: it is shown like any other. What is no page of ours is told in a sentence.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status >= 400 && xhr.status < 500 && (xhr.responseText || "").includes('id="said"')) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    } else if (xhr.status >= 400) {
      const sent = event.detail.requestConfig.parameters;
      tell(`${form.dataset.broken} ${sent.barcode || ""}`);
    }
  });

  // Typing anywhere but in another field goes to the scanner's field; after an answer it has the focus again.
  const elsewhere = () => {
    const active = document.activeElement;
    return active && active !== field && active.matches("input, select, textarea, button, summary, a");
  };
  document.addEventListener("keydown", (event) => {
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && !elsewhere()) {
      field.focus();
    }
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!elsewhere()) {
      field.focus();
    }
  });

  document.getElementById("f-box").addEventListener("change", () => field.focus());
})();
