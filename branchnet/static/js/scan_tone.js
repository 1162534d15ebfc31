// Two tones, so that nobody has to look up: one for taken, another for refused. A switch on this device silences them.
"use strict";

(function () {
  const button = document.getElementById("mute");
  const Context = window.AudioContext || window.webkitAudioContext;
  if (!button || !Context) {
    return;
  }
  const KEY = "branchnet quiet";
  const on = button.textContent;
  // Each note: hertz, seconds from now, seconds long.
  const TONES = {
    taken: [[1320, 0, 0.07]],
    removed: [[660, 0, 0.07]],
    box: [
      [880, 0, 0.07],
      [1320, 0.09, 0.07],
    ],
    refused: [
      [220, 0, 0.16],
      [165, 0.2, 0.22],
    ],
  };
  let context = null;
  let quiet = false;
  try {
    quiet = window.localStorage.getItem(KEY) === "yes";
  } catch (_error) {
    // Not allowed to remember: the tones are on.
  }

  const show = () => {
    button.setAttribute("aria-pressed", String(quiet));
    button.textContent = quiet ? button.dataset.off : on;
  };

  const play = ([hertz, start, length], wave) => {
    const [tone, loudness] = [context.createOscillator(), context.createGain()];
    const from = context.currentTime + start;
    tone.type = wave;
    tone.frequency.value = hertz;
    loudness.gain.setValueAtTime(0.2, from);
    loudness.gain.exponentialRampToValueAtTime(0.001, from + length);
    tone.connect(loudness).connect(context.destination);
    tone.start(from);
    tone.stop(from + length);
  };

  document.addEventListener("scan:said", (event) => {
    const notes = TONES[event.detail];
    if (quiet || !notes) {
      return;
    }
    context = context || new Context();
    if (context.state === "suspended") {
      context.resume();
    }
    notes.forEach((one) => play(one, event.detail === "refused" ? "square" : "sine"));
  });

  button.addEventListener("click", () => {
    quiet = !quiet;
    try {
      window.localStorage.setItem(KEY, quiet ? "yes" : "no");
    } catch (_error) {
      // It holds until the page is closed.
    }
    show();
  });
  button.hidden = false;
  show();
})();
