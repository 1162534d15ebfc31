// Where the browser reads barcodes by itself, the phone's camera is a scanner; elsewhere nothing of it is seen.
"use strict";

(function () {
  const button = document.getElementById("camera");
  const seen = document.getElementById("seen");
  if (!button || !("BarcodeDetector" in window) || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) {
    return;
  }
  const WANTED = ["code_128", "code_39", "codabar", "ean_13", "itf", "qr_code"];
  const EVERY_MS = 200;
  const SAME_AGAIN_AFTER_MS = 2500;
  const on = button.textContent;
  let detector = null;
  let timer = null;
  let last = { code: "", at: 0 };

  const look = async () => {
    const found = await detector.detect(seen).catch(() => []);
    const now = performance.now();
    for (const { rawValue } of found) {
      if (rawValue !== last.code || now - last.at > SAME_AGAIN_AFTER_MS) {
        document.dispatchEvent(new CustomEvent("scan:read", { detail: rawValue }));
      }
      last = { code: rawValue, at: now };
    }
    if (timer !== null) {
      timer = window.setTimeout(look, EVERY_MS);
    }
  };

  const show = (running) => {
    seen.hidden = !running;
    button.setAttribute("aria-pressed", String(running));
    button.textContent = running ? button.dataset.off : on;
  };

  const stop = () => {
    window.clearTimeout(timer);
    timer = null;
    if (seen.srcObject) {
      seen.srcObject.getTracks().forEach((track) => track.stop());
      seen.srcObject = null;
    }
    show(false);
  };

  const start = async () => {
    try {
      seen.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      await seen.play();
      show(true);
      timer = window.setTimeout(look, EVERY_MS);
    } catch (_error) {
      stop();
    }
  };

  button.addEventListener("click", () => (seen.srcObject ? stop() : start()));
  document.addEventListener("visibilitychange", () => document.hidden && stop());

  window.BarcodeDetector.getSupportedFormats().then((supported) => {
    const formats = WANTED.filter((one) => supported.includes(one));
    if (formats.length) {
      detector = new window.BarcodeDetector({ formats });
      button.hidden = false;
    }
  });
})();
