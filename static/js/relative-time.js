// <relative-time><time datetime="…" title="the exact time">5 min</time></relative-time>
// The server writes the first words (core/templatetags/desk.py); here they are kept true, by the same rule, once a minute. After a week they are a date, and rest.
// Its words in the page's language stand in <html data-ago>.

const [NOW, MINUTES, HOURS, DAYS] = document.documentElement.dataset.ago.split("|");

function words(seconds) {
  if (seconds < 45) return NOW;
  if (seconds < 3600) return MINUTES.replace("{n}", Math.max(1, Math.round(seconds / 60)));
  if (seconds < 86400) return HOURS.replace("{n}", Math.round(seconds / 3600));
  return DAYS.replace("{n}", Math.round(seconds / 86400));
}

function refresh() {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("relative-time > time")) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
    if (seconds > -60 && seconds < 7 * 86400 && time.textContent !== words(seconds)) time.textContent = words(seconds);
  }
}

setInterval(refresh, 60_000);
document.addEventListener("visibilitychange", refresh);
customElements.define("relative-time", class extends HTMLElement {});
