// A lesson's form: what is pressed is kept on this phone until the library has it; the form is free for the next one.
"use strict";

(function () {
  const unsent = window.branchnetUnsent;
  const form = document.querySelector("form[data-lesson]");
  if (!unsent || !form) {
    return;
  }
  const { words } = unsent;
  const address = new URL(form.action).pathname;
  const fields = Array.from(form.querySelectorAll("input:not([type=hidden])"));
  const id = form.elements.op_id;

  const say = (text) => unsent.say(form, text);

  const fill = (values) => {
    fields.forEach((field) => {
      field.value = values[field.name] || "";
    });
  };

  const entryOf = () => {
    const typed = fields.filter((field) => field.value.trim());
    const text = typed.map((field) => `${document.querySelector(`label[for=${field.id}]`).firstChild.textContent.trim()} ${field.value.trim()}`);
    return {
      op_id: id.value,
      address,
      title: form.dataset.lesson,
      text: `${form.dataset.lesson}：${text.join("；")}`,
      values: Object.fromEntries(typed.map((field) => [field.name, field.value.trim()])),
      done: form.dataset.done,
      link: unsent.link,
      told: null,
      at: new Date().toISOString(),
    };
  };

  // The server's own page says what is wrong, beside the field, and nothing of this is kept twice.
  const handOver = (entry) => {
    unsent.drop(entry.op_id);
    HTMLFormElement.prototype.submit.call(form);
  };

  const free = () => {
    fill({});
    id.value = unsent.newId();
  };

  const press = async (entry) => {
    const body = new URLSearchParams(new FormData(form));
    const answer = await self.branchnetSending.ask(address, { headers: { Accept: "application/json" }, body });
    if (answer.kind === "received") {
      unsent.got(entry, answer.told, true);
      window.location.assign(answer.told.href);
      return;
    }
    if (answer.page && answer.link && answer.link !== "ended") {
      handOver(entry);
      return;
    }
    if (answer.kind === "away" && unsent.wrongIn(form, true)) {
      unsent.drop(entry.op_id);
      return;
    }
    free(); // Kept: the next lesson may be typed, while this one is tried again.
    await unsent.flush();
    const still = unsent.waiting().find((one) => one.op_id === entry.op_id);
    if (still) {
      say(still.told ? still.told.words.join(" ") : words.saved);
      document.getElementById("said").dataset.about = entry.op_id;
      unsent.askWorker();
    }
  };

  let busy = false;
  form.addEventListener("submit", (event) => {
    if (!busy && unsent.wrongIn(form)) {
      event.preventDefault();
      return;
    }
    const entry = entryOf();
    if (!busy && !Object.keys(entry.values).length) {
      event.preventDefault();
      // The second tap of two comes when the form is free again: what the first one said stays.
      if (!document.getElementById("said")) {
        say(form.dataset.empty);
      }
      return;
    }
    if (!busy && !unsent.add(entry)) {
      unsent.sendAsItIs(event);
      return;
    }
    event.preventDefault();
    if (!busy) {
      busy = true;
      say(words.sending);
      press(entry).finally(() => {
        busy = false;
      });
    }
  });
  window.addEventListener("pageshow", () => {
    busy = false;
  });

  // One that was refused comes back into the form, to be mended under its own id.
  const wrong = unsent.waiting().find((one) => one.address === address && one.told && one.told.status === 422);
  if (wrong && fields.every((field) => !field.value)) {
    fill(wrong.values);
    id.value = wrong.op_id;
    say(wrong.told.words.join(" "));
  }
})();
