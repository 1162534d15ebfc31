// Enter goes to the next field and, in the last one, presses the form's button: a form is typed through with one hand.
"use strict";

(function () {
  const KEPT = "TEXTAREA, BUTTON, A, SUMMARY";

  // What is folded away is passed by.
  const seen = (field) => (field.checkVisibility ? field.checkVisibility() : field.offsetParent !== null);

  const fields = (form) =>
    Array.from(form.elements).filter((field) => field.matches("input:not([type=hidden]), select, textarea") && seen(field));

  // After a refusal the hand is where something is to be mended.
  const wrong = document.querySelector("[data-enter-next] [aria-invalid]");
  if (wrong) {
    wrong.focus();
  }

  document.addEventListener("keydown", (event) => {
    const form = event.target.form;
    // A word that an input method is still composing is confirmed with Enter too.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || composing || !form || !form.matches("[data-enter-next]") || event.target.matches(KEPT)) {
      return;
    }
    const all = fields(form);
    const next = all[all.indexOf(event.target) + 1];
    if (!next || event.target.matches("[data-enter-sends]")) {
      return;
    }
    event.preventDefault();
    next.focus();
    if (next.select && next.type === "text") {
      next.select();
    }
  });
})();
