// Clocks that run down to [data-countdown]; amber in the last quarter since [data-since], red after it.
const MINUTE = 60_000;

function words(rest) {
  const minutes = Math.floor(Math.abs(rest) / MINUTE);
  const seconds = Math.floor((Math.abs(rest) % MINUTE) / 1000);
  const hours = Math.floor(minutes / 60);
  const said = hours ? `${hours} h ${minutes % 60} min` : `${minutes}:${String(seconds).padStart(2, "0")} min`;
  return rest < 0 ? `${said} over` : said;
}

function tick() {
  const now = Date.now();
  for (const clock of document.querySelectorAll("[data-countdown]")) {
    const end = Date.parse(clock.dataset.countdown);
    const since = Date.parse(clock.dataset.since);
    const rest = end - now;
    clock.textContent = words(rest);
    clock.classList.toggle("red", rest < 0);
    clock.classList.toggle("amber", rest >= 0 && rest < (end - since) / 4);
  }
}

setInterval(() => { if (!document.hidden) tick(); }, 1000);
document.addEventListener("visibilitychange", tick);
tick();
