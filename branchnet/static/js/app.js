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

  // Of a nav that is wider than its frame the entry of this page is in sight.
  const here = document.querySelector(".site-nav [aria-current]");
  const nav = here && here.closest(".site-nav");
  if (nav) {
    const [frame, entry] = [nav.getBoundingClientRect(), here.getBoundingClientRect()];
    nav.scrollLeft += entry.left + entry.width / 2 - (frame.left + frame.width / 2);
  }

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

  // What is wider than its frame says so, and is a stop for the keyboard; what fits is neither.
  const frames = new ResizeObserver((seen) => {
    for (const { target: frame } of seen) {
      // A part of the page that was replaced is told once more, as nothing.
      if (!frame.isConnected) {
        frames.unobserve(frame);
        continue;
      }
      const moves = getComputedStyle(frame).overflowX !== "visible";
      const wide = moves && frame.scrollWidth > frame.clientWidth + 1;
      // Only the hint goes: before a paper's list may stand what the paper is headed with.
      const hint = frame.previousElementSibling;
      if (hint?.matches(".wide")) {
        hint.hidden = !wide;
      }
      if (wide || (moves && frame.scrollHeight > frame.clientHeight + 1)) {
        frame.setAttribute("tabindex", "0");
      } else {
        frame.removeAttribute("tabindex");
      }
    }
  });
  const watchFrames = () => document.querySelectorAll(".table-wrap, .paper-scroll").forEach((frame) => frames.observe(frame));
  watchFrames();
  document.addEventListener("htmx:afterSettle", watchFrames);

  // Hands stay on the scanner: after each answer the scan field is empty and has the focus again.
  document.addEventListener("htmx:afterSettle", () => {
    const field = document.querySelector("[data-keep-focus]");
    if (field) {
      field.focus();
      field.select();
    }
  });
})();
