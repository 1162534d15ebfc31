// A teacher's pages come up without a network, and what was kept is sent when it is back, though no page is open.
"use strict";

(function () {
  const PAGES = "branchnet pages "; // and whose: one link's at a time
  const ASSETS = "branchnet assets";
  const UNSENT = "branchnet unsent";
  const PATIENCE_MS = 8000;
  const FRESH_MS = 12 * 3600 * 1000;
  const sending = self.branchnetSending;

  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

  // --- Pages: the network first; what was seen last where it is away ------------------------------------------------
  const forget = async (but) => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(PAGES) && name !== but).map((name) => caches.delete(name)));
  };

  // Every page says whose link it was given to. Another one's are thrown away, and all of them where the link has ended.
  const keep = async (request, response) => {
    const link = response.headers.get("BranchNet-Link");
    if (link === "ended") {
      await forget();
    } else if (link && response.status === 200 && !response.redirected) {
      await forget(PAGES + link);
      const cache = await caches.open(PAGES + link);
      // The same page under another search would be found first, and be older.
      await cache.delete(request, { ignoreSearch: true });
      await cache.put(request, response);
    }
  };

  // Where the address itself was never seen: the list of points, or the one point there is.
  const home = async () => {
    for (const name of (await caches.keys()).filter((one) => one.startsWith(PAGES))) {
      const paths = (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname);
      const found = paths.find((path) => path === "/my") || paths.find((path) => /^\/my\/[^/]+$/.test(path));
      if (found) {
        return Response.redirect(`${found}#away`, 302);
      }
    }
    return Response.error();
  };

  const page = async (event) => {
    const seen = await caches.match(event.request, { ignoreSearch: true, ignoreVary: true });
    const asked = fetch(event.request).then((response) => {
      if (response.type === "basic") {
        event.waitUntil(keep(event.request, response.clone()));
      }
      return response;
    });
    const tired = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));
    try {
      const response = await (seen ? Promise.race([asked, tired]) : asked);
      return response && (response.status < 500 || !seen) ? response : seen;
    } catch (_error) {
      return seen || home();
    } finally {
      asked.catch(() => null);
    }
  };

  // --- Style sheets, scripts and the picture: each address carries its version ----------------------------------------
  const asset = async (request) => {
    const cache = await caches.open(ASSETS);
    const known = await cache.match(request);
    if (known) {
      return known;
    }
    const response = await fetch(request);
    if (response.ok) {
      await cache.delete(request, { ignoreSearch: true });
      await cache.put(request, response.clone());
    }
    return response;
  };

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) {
      return;
    }
    if (request.mode === "navigate") {
      event.respondWith(page(event));
    } else if (url.pathname.startsWith("/static/")) {
      event.respondWith(asset(request));
    }
  });

  // --- What a page asks for: itself, its files, and the forms it leads to -----------------------------------------------
  const fetchPage = async (address) => {
    const known = await caches.match(address, { ignoreVary: true });
    const age = known ? Date.now() - Date.parse(known.headers.get("Date")) : Infinity;
    if (!(age < FRESH_MS)) {
      await keep(new Request(address), await fetch(address, { redirect: "error" }));
    }
  };

  self.addEventListener("message", (event) => {
    const { pages = [], files = [] } = event.data;
    // A page that was on its way when this worker came up was left out of its claim, now and then, until it asks.
    const work = [self.clients.claim(), ...files.map((file) => asset(new Request(file))), ...pages.map(fetchPage)];
    event.waitUntil(Promise.allSettled(work));
  });

  // --- What was kept: sent though no page is open. The page sends it once more, and gets the same receipt ----------------
  const sendKept = async () => {
    const cache = await caches.open(UNSENT);
    const kept = await Promise.all((await cache.keys()).map(async (key) => (await cache.match(key)).json()));
    const done = (entry) => cache.delete(`/my/unsent/${entry.op_id}`);
    const whole = await sending.sendAll(kept, { received: done, refused: done });
    for (const client of await self.clients.matchAll()) {
      client.postMessage("sent");
    }
    if (!whole) {
      throw new Error("the network is away"); // The browser tries again later.
    }
  };

  self.addEventListener("sync", (event) => event.waitUntil(sendKept()));
})();
