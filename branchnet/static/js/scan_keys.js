// A scanner types wherever the cursor stands. What comes faster than fingers and ends with Enter is a scan, in any field.
"use strict";

(function () {
  const field = document.querySelector("[data-scan]");
  if (!field) {
    return;
  }
  // On average a key; one of them may be late, where the computer is busy.
  const FASTER_THAN_FINGERS_MS = 50;
  const ONE_MAY_TAKE_MS = 150;
  const SHORTEST = 6;
  let typed = "";
  let first = 0;
  let last = 0;
  let where = null;
  let before = "";

  const written = (element) =>
    element.matches("textarea, input:not([type=checkbox], [type=radio], [type=file], [type=submit])");

  const scanned = (now) =>
    where !== field &&
    where.matches("input") &&
    typed.length >= SHORTEST &&
    /^[\w*-]+$/.test(typed) &&
    (now - first) / typed.length <= FASTER_THAN_FINGERS_MS;

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.isComposing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) {
        typed = "";
        return;
      }
      const active = document.activeElement || document.body;
      if (event.key.length === 1) {
        if (active !== where || event.timeStamp - last > ONE_MAY_TAKE_MS) {
          [typed, first, where, before] = ["", event.timeStamp, active, active.value];
        }
        typed += event.key;
        last = event.timeStamp;
        // On a button, a list or the bare page a code would press, choose or scroll.
        if (!written(active) && event.key !== " ") {
          field.focus();
        }
      } else if ((event.key === "Enter" || event.key === "Tab") && where) {
        if (scanned(event.timeStamp)) {
          event.preventDefault();
          event.stopPropagation();
          where.value = before;
          document.dispatchEvent(new CustomEvent("scan:read", { detail: typed }));
        } else if (event.key === "Tab" && active === field && typed.length >= SHORTEST && field.value) {
          event.preventDefault();
          field.form.requestSubmit();
        }
        typed = "";
      } else if (event.key !== "Shift") {
        typed = "";
      }
    },
    true,
  );
})();
