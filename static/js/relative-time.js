// <relative-time data-clock="17:21"><time datetime="…" title="the exact time">5 min</time></relative-time>
// The server writes the first words (core/times.py). Once a minute they are kept true here, by the same rule: relative
// on the first day, data-clock from the second day on. A time without data-clock stays as it is.
// The words in the page's language stand in <html data-ago>.

const [NOW, MINUTES, HOURS] = document.documentElement.dataset.ago.split("|");
const DAY = 86400;

function words(seconds, clock) {
  if (seconds < 45) return NOW;
  if (seconds < 3600) return MINUTES.replace("{n}", Math.max(1, Math.round(seconds / 60)));
  return seconds < DAY ? HOURS.replace("{n}", Math.round(seconds / 3600)) : clock;
}

function refresh() {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("relative-time[data-clock] > time")) {
    const now = words((Date.now() - Date.parse(time.dateTime)) / 1000, time.parentElement.dataset.clock);
    if (time.textContent !== now) time.textContent = now;
  }
}

setInterval(refresh, 60_000);
document.addEventListener("visibilitychange", refresh);
customElements.define("relative-time", class extends HTMLElement {});
