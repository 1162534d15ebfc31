// What a teacher pressed and the library has not confirmed stays on this phone, in sight, until it has.
"use strict";

(function () {
  const strip = document.getElementById("unsent");
  if (!strip) {
    return;
  }
  const KEPT = "branchnet unsent ";
  const GOT = "branchnet received ";
  const GOT_AT_MOST = 60;
  const FEW = 3; // receipts that are listed at once
  const AHEAD = 5; // pages that the worker fetches ahead
  const MIRROR = "branchnet unsent";
  const PAUSES_MS = [5000, 15000, 60000, 300000];
  const sending = self.branchnetSending;
  const arrived = document.getElementById("arrived");
  const words = strip.dataset;

  // --- Kept one by one, so that two tabs never overwrite each other's ----------------------------------------------------
  const stored = (prefix) => {
    try {
      const store = window.localStorage;
      const keys = Object.keys(store).filter((key) => key.startsWith(prefix));
      return keys.map((key) => JSON.parse(store.getItem(key))).sort((one, other) => (one.at < other.at ? -1 : 1));
    } catch (_error) {
      return []; // Not allowed to look: nothing was kept either.
    }
  };
  const copyOf = ({ op_id }) => `/my/unsent/${op_id}`;
  const waiting = () => stored(KEPT);
  const received = () => stored(GOT);
  const save = (entry) => {
    window.localStorage.setItem(KEPT + entry.op_id, JSON.stringify(entry));
    // The worker's copy is of what it was before.
    mirrored((cache) => cache.delete(copyOf(entry)));
  };

  // Returns whether it is kept: only then may the page go on without the server.
  const add = (entry) => {
    try {
      save(entry);
    } catch (_error) {
      return false;
    }
    show();
    return true;
  };

  const drop = (op_id) => {
    window.localStorage.removeItem(KEPT + op_id);
    mirrored((cache) => cache.delete(copyOf({ op_id })));
    show();
  };

  // Only after the server's own answer. What was typed after it, on this phone, was typed knowing of it.
  const got = (entry, told, seen = false) => {
    const { receipt, revision, held, href } = told;
    const { op_id, address, title, text, values, based_on, after, at, done } = entry;
    const record = { op_id, address, title, text, values, based_on, after, at, done, receipt, revision, held, href, seen };
    try {
      window.localStorage.setItem(GOT + op_id, JSON.stringify(record));
      received()
        .slice(0, -GOT_AT_MOST)
        .forEach((old) => window.localStorage.removeItem(GOT + old.op_id));
    } catch (_error) {
      // No room for the receipt's copy: the library has the reading all the same.
    }
    for (const later of waiting().filter((one) => one.after === op_id && !held)) {
      save({ ...later, based_on: String(revision) });
    }
    drop(op_id);
  };

  // --- The worker cannot look into this store: it has a copy of what waits -------------------------------------------------
  const mirrored = async (work) => {
    if (window.caches && navigator.serviceWorker) {
      await work(await window.caches.open(MIRROR)).catch(() => null);
    }
  };

  const askWorker = async () => {
    const worker = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration("/my"));
    if (!worker || !worker.sync) {
      return;
    }
    await mirrored(async (cache) => {
      // Only what it has not: of hundreds, writing all again with each try would keep the phone busy for minutes.
      const there = new Set((await cache.keys()).map((one) => new URL(one.url).pathname));
      const missing = waiting().filter((entry) => !there.has(copyOf(entry)));
      await Promise.all(missing.map((entry) => cache.put(copyOf(entry), new Response(JSON.stringify(entry)))));
    });
    await worker.sync.register("branchnet").catch(() => null);
  };

  // --- Sending: at every opening, when the network is back, and now and then meanwhile --------------------------------------
  let running = null;
  let tries = 0;
  let timer = 0;

  const refused = (entry, { status, told }) => {
    const still = waiting().find((one) => one.op_id === entry.op_id);
    if (still) {
      save({ ...still, told: { status, words: told.words || [told.detail || ""] } });
    }
  };

  // A reading's form goes on to its receipt by itself; any other page may be fetched anew while nobody types on it.
  const nothingTyped = () =>
    !document.querySelector("form[data-kept]") &&
    Array.from(document.querySelectorAll("main input:not([type=hidden]), main textarea:not([readonly])")).every(
      (field) => field.value === field.defaultValue && field !== document.activeElement,
    );

  const run = async () => {
    const before = waiting().length;
    let tried = [];
    let whole = true;
    // What was pressed meanwhile goes at once.
    while (whole && waiting().some((entry) => !tried.includes(entry.op_id))) {
      const entries = waiting();
      tried = entries.map((entry) => entry.op_id);
      whole = await sending.sendAll(entries, { received: (entry, told) => got(entry, told), refused });
    }
    running = null;
    show();
    if (whole && waiting().length < before && nothingTyped()) {
      window.location.reload(); // What the page says of months was true before.
    } else if (whole) {
      tries = 0;
    } else {
      timer = window.setTimeout(flush, PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]);
      tries += 1;
      askWorker();
    }
  };

  const flush = () => {
    window.clearTimeout(timer);
    if (!running && waiting().length) {
      running = run();
    }
    return running || Promise.resolve();
  };

  // --- In sight ----------------------------------------------------------------------------------------------------------------
  const pattern = strip.querySelector("[data-count]").textContent;
  const row = document.getElementById("unsent-row").content.firstElementChild;
  const list = strip.querySelector("details");
  // Made once: making one is dear on an old phone, and every line asks it.
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  const when = (entry) => clock.format(new Date(entry.at));

  const entryRow = (entry) => {
    const item = row.cloneNode(true);
    item.querySelector("[data-said]").textContent = entry.text;
    item.querySelector("[data-at]").textContent = when(entry);
    const told = item.querySelector("[data-told]");
    told.hidden = !entry.told;
    told.textContent = entry.told ? entry.told.words.join(" ") : "";
    const mend = item.querySelector("[data-mend]");
    mend.hidden = !entry.told || entry.told.status !== 422;
    mend.href = entry.address;
    item.querySelector("[data-drop]").addEventListener("click", () => {
      if (window.confirm(words.sure)) {
        drop(entry.op_id);
      }
    });
    return item;
  };

  // Beside each way to a form: the library knows nothing of it yet, this phone does.
  const marked = (entries) => {
    document.querySelectorAll("[data-mark]").forEach((one) => one.remove());
    const addresses = new Set(entries.map((entry) => entry.address));
    for (const link of document.querySelectorAll('main a[href^="/my/"]:not([data-mend])')) {
      const waits = addresses.has(new URL(link.href).pathname);
      const said = link.querySelector(".status");
      if (said) {
        said.hidden = waits;
      }
      if (waits) {
        const mark = document.getElementById("unsent-mark").content.firstElementChild.cloneNode(true);
        mark.dataset.mark = "";
        (said || link).after(mark);
      }
    }
  };

  const show = () => {
    const entries = waiting();
    marked(entries);
    const said = document.getElementById("said");
    if (said && said.dataset.about && entries.every((entry) => entry.op_id !== said.dataset.about)) {
      said.remove(); // "Saved on this phone" is over: what follows it says that it arrived.
    }
    strip.hidden = entries.length === 0;
    strip.querySelector("[data-count]").textContent = pattern.replace("{count}", entries.length);
    // The count is always in sight; the lines are written when somebody opens them, not with every answer.
    if (list.open) {
      strip.querySelector("[data-list]").replaceChildren(...entries.map(entryRow));
      strip.querySelector("textarea").value = entries.map((entry) => `${entry.text}（${when(entry)}）`).join("\n");
    }
    const fresh = received().filter((one) => !one.seen);
    arrived.hidden = fresh.length === 0;
    arrived.querySelector("[data-count]").textContent = words.arrived.replace("{count}", fresh.length);
    arrived.querySelector("details").open = fresh.length <= FEW;
    arrived.querySelector("ul").replaceChildren(...fresh.map(receiptRow));
  };

  const receiptRow = (one) => {
    const item = document.createElement("li");
    const held = one.held ? ` ${words.held}` : "";
    // A lesson has no receipt to show: only that it is noted.
    item.textContent = `${one.done ? one.text : one.title}：${one.done || words.receipt.replace("{number}", one.receipt)}${held}`;
    return item;
  };

  arrived.querySelector("button").addEventListener("click", () => {
    received().forEach((one) => window.localStorage.setItem(GOT + one.op_id, JSON.stringify({ ...one, seen: true })));
    show();
  });
  list.addEventListener("toggle", show);
  strip.querySelector("[data-send]").addEventListener("click", flush);
  window.addEventListener("online", flush);
  window.addEventListener("storage", show);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());

  // --- Other forms are not kept: without a network they stay as they are, and say so, instead of the browser's own page --------
  document.querySelectorAll("main form[method=post]:not([data-kept], [data-lesson])").forEach((form) => {
    const said = document.createElement("p");
    said.className = "field-error";
    said.setAttribute("role", "alert");
    form.addEventListener("submit", (event) => {
      said.textContent = navigator.onLine ? "" : words.away;
      form.append(said);
      if (!navigator.onLine) {
        event.preventDefault();
      }
    });
  });

  // What a form says stands before it, and is one at a time.
  const say = (before, text, ...buttons) => {
    const notice = document.getElementById("said") || document.createElement("div");
    notice.id = "said";
    notice.className = "notice notice-look";
    notice.setAttribute("role", "status");
    const line = document.createElement("p");
    line.textContent = text;
    notice.replaceChildren(line, ...buttons);
    before.before(notice);
    notice.scrollIntoView({ block: "nearest" });
  };
  // Without a network (a phone may think that it has one) nobody else says that a number is none while it is remembered.
  const wrongIn = (form, away = !navigator.onLine) => {
    const field = away && Array.from(form.elements).find((one) => one.validity.patternMismatch);
    if (field) {
      say(form, words.wrong.replace("{field}", field.labels[0].firstChild.textContent.trim()));
      field.focus();
    }
    return Boolean(field);
  };
  // Nowhere to keep it: the browser sends the form as it does without a script, where it can.
  const sendAsItIs = (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      say(event.target, words.away);
    }
  };
  // The worker brought here who asked for a page that this phone has not got.
  if (window.location.hash === "#away") {
    say(strip, words.elsewhere);
  }

  // --- The worker, where there is one -----------------------------------------------------------------------------------------
  const withWorker = async () => {
    const container = navigator.serviceWorker;
    container.addEventListener("message", flush);
    await container.register(words.worker, { scope: "/t/" });
    await container.register(words.worker, { scope: "/my" });
    const { active } = await container.ready;
    const files = Array.from(document.querySelectorAll("link[href], script[src], img[src]"), (one) => one.href || one.src);
    const forms = Array.from(document.querySelectorAll('a[href^="/my/"][href*="/report/"], a[href^="/my/"][href*="/stay/"]'), (one) => new URL(one.href).pathname);
    const here = window.location.pathname;
    const pages = [here, "/my", here.split("/").slice(0, 3).join("/"), ...forms];
    active.postMessage({ files, pages: [...new Set(pages)].slice(0, AHEAD) });
  };
  if (navigator.serviceWorker && words.link) {
    withWorker().catch(() => null); // WeChat may know of workers and allow none.
  }

  const newId = () => {
    const hex = Array.from(window.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0"));
    return hex.join("");
  };

  window.branchnetUnsent = { newId, say, wrongIn, sendAsItIs, add, drop, got, waiting, received, flush, askWorker, link: words.link, words };
  show();
  flush();
})();
