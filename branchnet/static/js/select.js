// A text that is there to be copied is chosen whole at the first touch.
"use strict";

document.querySelectorAll("[data-select]").forEach((field) => {
  field.addEventListener("focus", () => field.select());
});
