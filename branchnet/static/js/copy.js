// A button that copies a text; where the browser has no clipboard for us, the text is chosen and copied the old way.
"use strict";

document.querySelectorAll("[data-copy]").forEach((button) => {
  const field = document.getElementById(button.dataset.copy);
  const said = () => {
    button.textContent = button.dataset.copied;
  };
  const byHand = () => {
    field.focus();
    field.select();
    if (document.execCommand("copy")) {
      said();
    }
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    if (!navigator.clipboard) {
      byHand();
      return;
    }
    navigator.clipboard.writeText(field.value).then(said, byHand);
  });
});
