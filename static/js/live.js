// What htmx needs around it: announce, keep the focus, say when something fails, and the small disclosures of the frame.
const live = document.getElementById("live");
const trouble = document.getElementById("trouble");
let quiet;

function announce(text) {
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = text; });
}

function complain(text) {
  trouble.textContent = text;
  trouble.hidden = false;
  clearTimeout(quiet);
  quiet = setTimeout(() => { trouble.hidden = true; }, 10_000);
}

// What was typed stays on the page; after the sign-in in another tab the button sends it.
function askToSignIn() {
  complain("You have been signed out, so nothing was sent. What you typed is still here. ");
  const link = Object.assign(document.createElement("a"), { href: "/accounts/login/", target: "_blank", textContent: "Sign in in another tab" });
  trouble.append(link, ", then press the button again.");
  clearTimeout(quiet);
}

// A sign-in gives a new token; the form may be older.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];
  if (!token) return;
  detail.headers["X-CSRFToken"] = token;
  if (detail.formData.has("csrfmiddlewaretoken")) detail.formData.set("csrfmiddlewaretoken", token);
});

// A live part asks by itself: the session's clock goes on as if it had not.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.matches("[data-live]")) detail.headers["X-Background"] = "1";
});

// A filter's empty fields stay out of the address.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (!detail.elt.matches("[data-filter]")) return;
  for (const [name, value] of [...detail.formData.entries()]) {
    if (value === "") detail.formData.delete(name);
  }
});

// A live part does not ask while nobody looks.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.detail.elt.matches("[data-live]")) event.preventDefault();
});

// A whole page in place of a fragment: the session has ended, or an error page answered.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (!/^\s*<!doctype/i.test(xhr.responseText)) return;
  event.detail.shouldSwap = false;
  if (requestConfig.elt.matches("[data-live]")) {
    complain("You have been signed out, so this page no longer follows. Sign in again in another tab.");
  } else if (requestConfig.verb === "post" && new URL(xhr.responseURL).pathname === "/accounts/login/") askToSignIn();
  else if (xhr.status < 400) window.location.assign(xhr.responseURL);
  else complain("That was refused. Reload the page and try again.");
});

// A table wider than the screen scrolls with the keyboard too.
function reachable() {
  for (const box of document.querySelectorAll(".scroll:not([tabindex])")) {
    if (box.scrollWidth <= box.clientWidth) continue;
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Wide table; scrolls sideways");
  }
}
window.addEventListener("resize", reachable);
reachable();

// A wide table of days begins where today is in sight.
for (const today of document.querySelectorAll(".scroll [aria-current=date]")) {
  const box = today.closest(".scroll");
  box.scrollLeft = today.offsetLeft - (box.clientWidth / 2);
}

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  reachable();
  const part = document.getElementById(detail.target.id) ?? detail.elt;
  const speaker = part.matches("[data-announce]") ? part : part.querySelector("[data-announce]");
  if (speaker && !part.matches("[data-live]")) announce(speaker.dataset.announce);
  const wanted = part.querySelector("[data-focus]");
  const lost = !document.activeElement || document.activeElement === document.body;
  if (wanted) wanted.focus();
  else if (lost && part.matches("[tabindex]")) part.focus({ preventScroll: true });
  trouble.hidden = true;
});

document.addEventListener("htmx:responseError", ({ detail }) => {
  complain(detail.xhr.status >= 500
    ? "Something broke on our side; nothing was changed."
    : "That did not work. Reload the page and try again.");
});
document.addEventListener("htmx:sendError", () => complain("The server cannot be reached. What you see may be old."));
document.addEventListener("htmx:timeout", () => complain("The server takes too long to answer."));

// The export link follows the filter.
document.addEventListener("htmx:pushedIntoHistory", () => {
  const link = document.getElementById("export");
  if (link) link.search = window.location.search;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-menu]");
  if (button) {
    const open = document.getElementById("navigation").classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
  }
  for (const menu of document.querySelectorAll("details[data-menu-details][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu-details][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.querySelector("[data-focus]")?.focus();
