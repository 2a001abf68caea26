// Clicks on a run sheet get lost by no broken connection: each is kept until the server has answered it,
// and sent again with the same Idempotency-Key, so that it has its effect once.
const banner = document.getElementById("offline");
const KEPT = `runsheet:${banner.dataset.user}`;
const AGAIN = 4000;
let waiting = read();
let sending = false;

function read() {
  try { return JSON.parse(localStorage.getItem(KEPT)) ?? []; } catch { return []; }
}

function keep() {
  try { localStorage.setItem(KEPT, JSON.stringify(waiting)); } catch { /* private mode: kept while the page is open */ }
}

function say(text) {
  banner.textContent = text;
  banner.hidden = text === "";
}

function count() {
  return waiting.length === 1 ? "1 click waits" : `${waiting.length} clicks wait`;
}

function refresh() {
  const sheet = document.getElementById("sheet");
  if (sheet && window.htmx) window.htmx.trigger(sheet, "sheet-changed");
}

async function refusal(answer, click) {
  let why = "";
  try { why = (await answer.json()).detail ?? ""; } catch { /* not a problem document */ }
  return `${click.said} was refused. ${why}`;
}

async function post(click) {
  return fetch(click.url, {
    method: "POST",
    headers: {
      "Content-Type": "application/json", Accept: "application/json", "Idempotency-Key": click.key,
      "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"],
    },
    body: "{}", credentials: "same-origin", signal: AbortSignal.timeout(20_000),
  });
}

async function send() {
  if (sending) return;
  sending = true;
  let last = "";
  while (waiting.length) {
    const click = waiting[0];
    let answer;
    try { answer = await post(click); } catch { say(`No connection. ${count()} and will be sent by itself.`); break; }
    if (answer.status === 401) { say(`You have been signed out. ${count()}; sign in again in another tab.`); break; }
    if (answer.status >= 500 || answer.status === 429) { say(`The server does not answer. ${count()} and will be sent by itself.`); break; }
    if (answer.status >= 400) last = await refusal(answer, click);
    waiting.shift();
    keep();
    say(last);
    refresh();
  }
  sending = false;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-queued]");
  if (!form || !form.dataset.queued) return;
  event.preventDefault();
  if (waiting.some((click) => click.url === form.dataset.queued)) return;
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  waiting.push({ url: form.dataset.queued, said: form.dataset.said, key: crypto.randomUUID() });
  keep();
  send();
});

addEventListener("online", send);
addEventListener("offline", () => say(`No connection. ${waiting.length ? `${count()} and will be sent by itself.` : "What you click is kept and sent later."}`));
document.addEventListener("htmx:sendError", () => say(`No connection; what you see may be old. ${waiting.length ? `${count()}.` : "What you click is kept and sent later."}`));
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.successful) return;
  if (waiting.length) send();
  else if (banner.textContent.startsWith("No connection")) say("");
});
setInterval(() => { if (waiting.length) send(); }, AGAIN);
if (waiting.length) send();
