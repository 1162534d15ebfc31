// How what a phone has kept goes to the server: the same for a page and for the worker.
"use strict";

self.branchnetSending = (function () {
  const ANSWER_WITHIN_MS = 20000;
  // Answers that say "later", not "no".
  const LATER = [408, 425, 429];

  // What came back: received (the server's own committed answer, nothing else), refused in words, or away.
  const ask = async (address, options) => {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), ANSWER_WITHIN_MS);
    try {
      const response = await fetch(address, { ...options, method: "POST", signal: patience.signal });
      const { status, headers } = response;
      const ours = (headers.get("Content-Type") || "").includes("json");
      const told = ours ? await response.json() : {};
      if (status === 200 && told.receipt) {
        return { kind: "received", status, told };
      }
      const refused = ours && status >= 400 && status < 500 && !LATER.includes(status);
      const page = !ours && status < 500;
      return { kind: refused ? "refused" : "away", status, told, page, link: headers.get("BranchNet-Link") };
    } catch (_error) {
      return { kind: "away", status: 0, told: {} };
    } finally {
      clearTimeout(timer);
    }
  };

  // Nobody is there to be asked whether a number is meant: it was pressed, so it is.
  const send = (entry) =>
    ask(`${entry.address}/send`, {
      headers: { "Accept": "application/json", "Content-Type": "application/json", "BranchNet-Kept": "1" },
      body: JSON.stringify({
        ...entry.values,
        op_id: entry.op_id,
        based_on: entry.based_on,
        claimed_at: entry.at,
        link: entry.link,
        confirmed: "1",
      }),
    });

  // Oldest first. What was typed after another one waits for its answer, for it was typed knowing of it.
  // Returns false where the network is away.
  const sendAll = async (entries, { received, refused }) => {
    const waiting = [...entries].sort((one, other) => (one.at < other.at ? -1 : 1));
    while (waiting.length) {
      const entry = waiting.shift();
      const answer = await send(entry);
      if (answer.kind === "away") {
        return false;
      }
      if (answer.kind === "refused") {
        await refused(entry, answer);
        continue;
      }
      const later = waiting.filter((one) => one.after === entry.op_id && !answer.told.held);
      later.forEach((one) => {
        one.based_on = String(answer.told.revision);
      });
      await received(entry, answer.told, later);
    }
    return true;
  };

  return { ask, sendAll };
})();
