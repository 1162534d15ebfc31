// The desk's few lines of script: every page works without them.
"use strict";

(function () {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  // Our own colours follow the system in CSS; this tells Bootstrap's remaining parts.
  const followSystem = () => {
    document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
  };
  followSystem();
  dark.addEventListener("change", followSystem);

  // A button with data-confirm asks once more, in the words of the button.
  document.addEventListener("submit", (event) => {
    const question = event.submitter && event.submitter.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) {
      window.print();
    }
  });

  // Hands stay on the scanner: after each answer the scan field is empty and has the focus again.
  document.addEventListener("htmx:afterSettle", () => {
    const field = document.querySelector("[data-keep-focus]");
    if (field) {
      field.focus();
      field.select();
    }
  });
})();
