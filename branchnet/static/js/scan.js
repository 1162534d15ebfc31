// Hands stay on the scanner: every scan is taken at once, kept on this device, and sent in its turn until it is answered.
"use strict";

(function () {
  const section = document.querySelector("[data-picking]");
  const form = document.getElementById("scan");
  if (!section || !form) {
    return;
  }
  const field = form.querySelector("[data-scan]");
  const box = form.elements.box || document.createElement("select"); // A stocktake has no boxes.
  const said = document.getElementById("said");
  const waiting = document.getElementById("waiting");
  const unknown = document.getElementById("unknown");
  const missed = document.getElementById("missed");
  const words = section.dataset;

  const ANSWER_WITHIN_MS = 20000;
  const LONGEST_PAUSE_MS = 8000;
  const TRIES_OF_A_BROKEN_ONE = 5;
  const QUIET_MS = 700;
  const MISSED_KEPT = 3000;

  // --- What waits to be sent: one entry each on this device, so that closing the page loses none ------------------
  const KEPT = `branchnet scan ${words.picking} `;
  const MISSED = `branchnet missed ${words.picking}`;
  const kept = (work) => {
    try {
      return work(window.localStorage);
    } catch (_error) {
      return null; // No room, or not allowed: it waits in memory alone.
    }
  };
  const stored = () =>
    kept((store) =>
      Object.keys(store)
        .filter((key) => key.startsWith(KEPT))
        .sort()
        .map((key) => ({ ...JSON.parse(store.getItem(key)), key })),
    ) || [];
  const queue = stored();
  let last = 0;
  let stopped = false;
  let sending = false;

  const newId = () => {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const add = (action, values) => {
    last = Math.max(Date.now(), last + 1);
    const item = { action, values, op_id: newId(), key: `${KEPT}${last}` };
    queue.push(item);
    kept((store) => store.setItem(item.key, JSON.stringify({ action, values, op_id: item.op_id })));
    count();
    pump();
  };

  const done = () => {
    const item = queue.shift();
    kept((store) => store.removeItem(item.key));
    count();
  };

  const pattern = waiting.lastChild.textContent;
  const count = () => {
    waiting.hidden = queue.length === 0;
    waiting.lastChild.textContent = pattern.replace("{count}", queue.length);
  };

  window.addEventListener("beforeunload", (event) => {
    if (queue.length) {
      event.preventDefault();
      event.returnValue = "";
    }
  });

  // --- Sending: one after the other, and the same operation id every time, so that each counts once ---------------
  const tell = (text) => {
    const notice = document.createElement("div");
    notice.className = "notice notice-look";
    const line = document.createElement("p");
    line.textContent = text;
    notice.append(line);
    said.replaceChildren(notice);
  };

  const pause = (milliseconds) =>
    new Promise((resolve) => {
      window.setTimeout(resolve, milliseconds);
      window.addEventListener("online", resolve, { once: true });
    });

  const ask = async (item) => {
    const body = new URLSearchParams({ ...item.values, op_id: item.op_id, csrf_token: form.elements.csrf_token.value });
    const patience = new AbortController();
    const timer = window.setTimeout(() => patience.abort(), ANSWER_WITHIN_MS);
    try {
      const headers = { "HX-Request": "true" };
      const response = await fetch(item.action, { method: "POST", body, headers, signal: patience.signal });
      const text = await response.text();
      const ours = !response.redirected && response.status < 500 && text.includes('id="said"');
      return { text, ours, status: response.redirected ? 401 : response.status };
    } catch (_error) {
      return { ours: false, status: 0 };
    } finally {
      window.clearTimeout(timer);
    }
  };

  const pump = async () => {
    if (sending || stopped) {
      return;
    }
    sending = true;
    let tries = 0;
    while (queue.length && !stopped) {
      const item = queue[0];
      const answer = await ask(item);
      if (answer.ours) {
        tries = 0;
        done();
        show(answer.text);
      } else if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
        stopped = true;
        tell(words.stopped);
      } else {
        tries += 1;
        if (answer.status === 500 && tries >= TRIES_OF_A_BROKEN_ONE) {
          tries = 0;
          done();
          note(item.values.barcode || item.values.barcodes || "", words.broken);
          announce("refused");
        } else {
          tell(words.offline);
          await pause(Math.min(500 * 2 ** tries, LONGEST_PAUSE_MS));
        }
      }
    }
    sending = false;
  };

  // --- What comes back --------------------------------------------------------------------------------------------
  const announce = (kind) => document.dispatchEvent(new CustomEvent("scan:said", { detail: kind }));

  const show = (text) => {
    window.htmx.swap(document.getElementById("picked"), text, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 });
    if (text.includes('id="said"')) {
      answered();
    } else {
      boxesAnew(); // What somebody else did says nothing here.
      comeBack();
    }
  };

  const answered = () => {
    const answer = said.querySelector("[data-said]");
    boxesAnew();
    if (!answer) {
      return;
    }
    if (answer.dataset.choose) {
      choose(answer.dataset.choose);
    }
    if (answer.dataset.barcode) {
      forget(answer.dataset.barcode);
    }
    noteRefused();
    if (answer.dataset.unknown) {
      offer(answer.dataset.unknown);
    }
    announce(answer.dataset.said);
    comeBack();
  };

  const noteRefused = () => {
    for (const one of said.querySelectorAll("[data-refused]")) {
      const reason = one.querySelector("[data-reason]");
      if (one.dataset.refused) {
        note(one.dataset.refused, reason.textContent.replace(/\s+/g, " ").trim(), one.dataset.along);
      }
    }
  };

  // The figure of the box at hand: a label chooses the box here, before any copy of it is sent.
  const atHand = () => {
    const figure = document.querySelector("#figures [data-at-hand]");
    const rows = Array.from(document.querySelectorAll("#boxes [data-copies]"));
    if (figure && rows.length) {
      const row = rows.find((one) => (one.dataset.box || "") === box.value);
      figure.querySelector(".num").firstChild.textContent = Number(row ? row.dataset.copies : 0).toLocaleString("en");
      figure.querySelector(".figure-note").textContent = box.selectedOptions[0].textContent;
    }
  };

  const boxesAnew = () => {
    for (const row of document.querySelectorAll("#boxes [data-box]")) {
      for (const select of document.querySelectorAll("[data-boxes]")) {
        if (!select.querySelector(`option[value="${row.dataset.box}"]`)) {
          select.add(new Option(row.dataset.boxName, row.dataset.box));
        }
      }
    }
    atHand();
  };

  const choose = (number) => {
    if (Array.from(box.options).some((option) => option.value === number)) {
      box.value = number;
      follow();
    }
  };

  // What is pasted or counted goes into the box at hand, unless somebody chooses another one for it.
  const follow = () => {
    for (const select of document.querySelectorAll("[data-boxes]")) {
      if (Array.from(select.options).some((option) => option.value === box.value)) {
        select.value = box.value;
      }
    }
    atHand();
  };
  box.addEventListener("change", follow);

  // --- What was not added stays in sight until somebody has seen it ------------------------------------------------
  let notes = kept((store) => JSON.parse(store.getItem(MISSED))) || [];

  const keepNotes = () => {
    kept((store) => (notes.length ? store.setItem(MISSED, JSON.stringify(notes)) : store.removeItem(MISSED)));
    const shown = said.querySelector("[data-refused]");
    const others = notes.filter((one) => !shown || one.barcode !== shown.dataset.refused);
    missed.hidden = others.length === 0;
    missed.querySelector(".num").textContent = others.length;
    missed.querySelector("ul").replaceChildren(...others.map(entry));
  };

  const button = (label, barcode, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "link-button";
    made.textContent = label;
    made.setAttribute("aria-label", `${label} ${barcode}`);
    made.addEventListener("click", () => {
      forget(barcode);
      press();
      field.focus();
    });
    return made;
  };

  const entry = ({ barcode, text, along }) => {
    const item = document.createElement("li");
    item.append(text.includes(barcode) ? text : `${barcode} ${text}`, " ");
    if (along) {
      item.append(button(words.along, barcode, () => add(along, { barcode })), " ");
    }
    item.append(button(words.again, barcode, () => take(barcode)));
    return item;
  };

  const note = (barcode, text, along) => {
    notes = [{ barcode, text, along }, ...notes.filter((one) => one.barcode !== barcode)].slice(0, MISSED_KEPT);
    keepNotes();
  };

  const forget = (barcode) => {
    notes = notes.filter((one) => one.barcode !== barcode);
    keepNotes();
  };

  missed.querySelector(":scope > button").addEventListener("click", () => {
    notes = [];
    keepNotes();
    field.focus();
  });

  // --- A copy that is not in the books: its title is asked for here, once the scanner rests --------------------------
  const title = unknown.elements.title;
  let lastKey = 0;
  document.addEventListener("keydown", () => (lastKey = performance.now()), true);

  const offer = (barcode) => {
    if (!unknown.hidden && title.value) {
      return; // Somebody is writing another one's title: this one waits in the list.
    }
    unknown.elements.barcode.value = barcode;
    unknown.elements.box.value = box.value;
    unknown.hidden = false;
    title.value = "";
    window.setTimeout(() => {
      const rests = performance.now() - lastKey >= QUIET_MS && !queue.length && !field.value;
      if (rests && !unknown.hidden && unknown.elements.barcode.value === barcode) {
        title.focus();
      }
    }, QUIET_MS);
  };

  const withdraw = () => {
    unknown.hidden = true;
    title.value = "";
    field.focus();
  };

  unknown.addEventListener("submit", (event) => {
    event.preventDefault();
    const { csrf_token: _ours, op_id: _own, ...values } = Object.fromEntries(new FormData(unknown));
    if (values.title.trim() || !title.required) {
      add(unknown.action, { ...values, title: values.title.trim() });
      withdraw();
    }
  });
  const close = unknown.querySelector("[data-close]");
  close.hidden = false;
  close.addEventListener("click", withdraw);

  // --- Scans, typed codes and pasted columns ------------------------------------------------------------------------
  // A label of this batch chooses the box at once: what is scanned next goes into it, whatever still waits.
  const labelled = (text) => {
    const [number, last_part] = [text.slice(0, text.lastIndexOf("-")), text.slice(text.lastIndexOf("-") + 1)];
    return number === words.number && Array.from(box.options).some((one) => one.value && one.value === last_part)
      ? last_part
      : null;
  };

  const take = (text) => {
    const barcode = text.trim();
    const label = labelled(barcode);
    if (label) {
      choose(label);
      tell(words.switched.replace("{box}", box.selectedOptions[0].textContent));
      announce("box");
    } else if (barcode) {
      add(form.action, { barcode, box: box.value });
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value;
    field.value = "";
    field.focus();
    take(text);
  });

  field.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text");
    if (/[\r\n]/.test(text.trim())) {
      event.preventDefault();
      add(words.list, { barcodes: text, box: box.value });
    }
  });

  document.addEventListener("scan:read", (event) => take(event.detail));

  // --- The field has the focus, unless somebody writes elsewhere ------------------------------------------------------
  const elsewhere = () => {
    const active = document.activeElement;
    return active && active !== field && active.matches("input, select, textarea, button, summary, a");
  };
  const comeBack = () => {
    if (!elsewhere()) {
      field.focus();
    }
  };

  // What our forms send by htmx comes back like a scan; each button gets a new operation's id for its next press.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status >= 400 && xhr.status < 500 && (xhr.responseText || "").includes('id="said"')) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    } else if (xhr.status >= 400) {
      tell(words.broken);
    }
  });
  document.addEventListener("htmx:sendError", () => tell(words.offline));
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, successful, xhr } = event.detail;
    const id = elt.querySelector('[name="op_id"]');
    if (id && successful) {
      id.value = newId();
    }
    if (xhr.status >= 200 && xhr.status < 500) {
      answered();
    }
    field.focus(); // The button was pressed: back to the scanner.
  });
  box.addEventListener("change", () => field.focus());

  window.branchnetPicking = { busy: () => sending || queue.length > 0, show, box: () => box.value };
  count();
  keepNotes();
  noteRefused(); // A column sent by its own form comes back as a page.
  if (queue.length) {
    tell(words.kept.replace("{count}", queue.length));
    pump();
  }
})();
