// A reading's form: what is typed stays on this phone as it is typed; what is pressed is kept until it is received.
"use strict";

(function () {
  const unsent = window.branchnetUnsent;
  const forms = Array.from(document.querySelectorAll("form[data-kept]"));
  const main = forms.find((form) => form.querySelector("input:not([type=hidden])"));
  if (!unsent || !main) {
    return;
  }
  const { words } = unsent;
  const address = window.location.pathname;
  const DRAFT = `branchnet draft ${address}`;
  const NOT_TYPED = ["csrf_token", "op_id", "based_on", "confirmed"];

  const fields = () => [...main.querySelectorAll("input[inputmode]")].map((field) => field.name);
  const same = (one, other) => JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

  const typed = (form, button) => {
    const data = new FormData(form);
    if (button && button.name) {
      data.append(button.name, button.value);
    }
    return Object.fromEntries([...data].filter(([name]) => !NOT_TYPED.includes(name)));
  };

  const fill = (values) => {
    for (const [name, value] of Object.entries(values)) {
      const field = main.elements[name];
      if (field instanceof RadioNodeList || (field && field.type !== "checkbox")) {
        field.value = value;
      } else if (field) {
        field.checked = true;
      }
      const folded = field && field.closest && field.closest("details");
      if (folded && value) {
        folded.open = true;
      }
    }
  };

  // --- As it is typed -------------------------------------------------------------------------------------------------------
  const kept = (work) => {
    try {
      return work(window.localStorage);
    } catch (_error) {
      return null; // No room, or not allowed: the page works as it does without a script.
    }
  };
  const draft = () => kept((store) => JSON.parse(store.getItem(DRAFT)));
  const forgetDraft = () => kept((store) => store.removeItem(DRAFT));
  const keepDraft = () => {
    const { op_id, based_on } = main.elements;
    const now = { values: typed(main), op_id: op_id.value, based_on: based_on.value };
    kept((store) => store.setItem(DRAFT, JSON.stringify(now)));
  };

  const take = ({ values, op_id, based_on }) => {
    fill(values);
    main.elements.op_id.value = op_id;
    main.elements.based_on.value = based_on;
  };

  const say = (text, ...buttons) => unsent.say(main, text, ...buttons);

  // What was pressed last and waits is what the next press corrects: not the older numbers of the page.
  const stillWaits = ({ values, text }) => {
    if (!values.not_open) {
      fields().forEach((name) => {
        main.elements[name].value = "";
      });
      fill(values);
    }
    say(words.waits.replace("{said}", text));
  };

  const restore = () => {
    const server = { values: typed(main), op_id: main.elements.op_id.value, based_on: main.elements.based_on.value };
    const mine = unsent.waiting().filter((one) => one.address === address);
    const wrong = mine.find((one) => one.told && one.told.status === 422);
    const found = draft() || (wrong && !wrong.values.not_open && { ...wrong });
    if (!found && mine.length) {
      stillWaits(mine.pop());
      return;
    }
    if (!found || same(found.values, server.values)) {
      return;
    }
    take(found);
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "btn";
    discard.textContent = words.discard;
    discard.addEventListener("click", () => {
      forgetDraft();
      take(server);
      document.getElementById("said").remove();
    });
    say(wrong && !draft() ? wrong.told.words.join(" ") : words.restored, discard);
  };

  main.addEventListener("input", keepDraft);
  // The same form in another tab: both show what was typed last, under the same id.
  window.addEventListener("storage", (event) => {
    if (event.key === DRAFT && event.newValue) {
      take(JSON.parse(event.newValue));
    }
  });

  // --- When it is pressed ------------------------------------------------------------------------------------------------------
  // The revision that the sender has seen: the form's, or a later one that came from this very phone.
  const seenBy = (form) => {
    let base = form.elements.based_on.value;
    const own = unsent.received().filter((one) => one.address === address && !one.held && one.revision);
    for (let next = own.find((one) => one.based_on === base); next; next = own.find((one) => one.based_on === base)) {
      own.splice(own.indexOf(next), 1);
      base = String(next.revision);
    }
    return base;
  };

  const asText = (form, values) => {
    const parts = Array.from(form.querySelectorAll("label")).map((label) => {
      const field = document.getElementById(label.htmlFor);
      const group = label.closest("fieldset");
      const legend = group && group.querySelector("legend") ? `${group.querySelector("legend").textContent} ` : "";
      return field && values[field.name] ? `${legend}${label.firstChild.textContent.trim()} ${values[field.name]}` : "";
    });
    return `${form.dataset.kept}：${values.not_open ? words.notOpen : parts.filter(Boolean).join("；")}`;
  };

  // The same press again is the same entry; one that was refused is mended under its id; else it is one of its own.
  const entryOf = (form, button) => {
    const values = typed(form, button);
    const mine = unsent.waiting().filter((one) => one.address === address);
    const based_on = seenBy(form);
    const last = unsent.received().filter((one) => one.address === address && String(one.revision) === based_on);
    const again = [...mine, ...last].find((one) => same(one.values, values));
    const common = { address, title: form.dataset.kept, text: asText(form, values), link: unsent.link, told: null };
    if (again) {
      return { ...common, values, op_id: again.op_id, based_on: again.based_on, after: again.after, at: again.at };
    }
    const wrong = mine.find((one) => one.told && one.told.status === 422);
    const before = mine.filter((one) => one !== wrong).pop();
    const used = [...mine, ...unsent.received()].some((one) => one.op_id === form.elements.op_id.value);
    const op_id = wrong ? wrong.op_id : used ? unsent.newId() : form.elements.op_id.value;
    return { ...common, values, op_id, based_on, after: before && before.op_id, at: new Date().toISOString() };
  };

  const posted = (form, entry, button) => {
    const { op_id, based_on } = entry;
    const ours = Object.fromEntries([...new FormData(form)].filter(([name]) => NOT_TYPED.includes(name)));
    const pressed = button && button.name ? { [button.name]: button.value } : {};
    const body = new URLSearchParams({ ...entry.values, ...ours, ...pressed, op_id, based_on });
    return self.branchnetSending.ask(address, { headers: { Accept: "application/json" }, body });
  };

  // The server has something to say about it: its own page says it, and nothing of this is kept twice.
  const handOver = (form, entry) => {
    unsent.drop(entry.op_id);
    form.elements.op_id.value = entry.op_id;
    form.elements.based_on.value = entry.based_on;
    if (form === main) {
      keepDraft();
    }
    for (const [name, value] of Object.entries(entry.values)) {
      const there = form.elements[name];
      // A button that a script submits without pressing sends nothing.
      if (!there || there.type === "submit") {
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
      }
    }
    HTMLFormElement.prototype.submit.call(form);
  };

  const received = (told) => {
    if (told.href) {
      window.location.assign(told.href);
    } else {
      say(`${words.receipt.replace("{number}", told.receipt)} ${told.held ? words.held : ""}`);
    }
  };

  const press = async (form, entry, button) => {
    const first = unsent.waiting().every((one) => one.op_id === entry.op_id || one.address !== address);
    const answer = first ? await posted(form, entry, button) : { kind: "away", status: 0 };
    if (answer.kind === "received") {
      unsent.got(entry, answer.told, true);
      received(answer.told);
      return;
    }
    // A page of ours that is no receipt asks or refuses. One that does not know us any more, or a form that is too old,
    // says nothing about the numbers: they go the way that asks for neither.
    if (answer.page && answer.link && answer.link !== "ended") {
      handOver(form, entry);
      return;
    }
    if (answer.kind === "away" && unsent.wrongIn(form, true)) {
      unsent.drop(entry.op_id);
      keepDraft();
      return;
    }
    await unsent.flush();
    const done = unsent.received().find((one) => one.op_id === entry.op_id);
    const still = unsent.waiting().find((one) => one.op_id === entry.op_id);
    if (done && !still) {
      received(done);
    } else {
      say(still && still.told ? still.told.words.join(" ") : words.saved);
      document.getElementById("said").dataset.about = entry.op_id;
      unsent.askWorker();
    }
  };

  let busy = false;
  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      if (busy || unsent.wrongIn(form)) {
        event.preventDefault();
        return;
      }
      if (form !== main && draft() && !window.confirm(words.sureNotOpen)) {
        event.preventDefault();
        return;
      }
      const entry = entryOf(form, event.submitter);
      if (!unsent.add(entry)) {
        unsent.sendAsItIs(event);
        return;
      }
      event.preventDefault();
      if (form === main) {
        forgetDraft(); // What was typed beside "not open" was not sent, and stays.
      }
      busy = true;
      say(words.sending);
      press(form, entry, event.submitter).finally(() => {
        busy = false;
      });
    });
  }
  // The button goes back to where the form stood: another press must not run into the one before.
  window.addEventListener("pageshow", () => {
    busy = false;
  });
  restore();
})();
