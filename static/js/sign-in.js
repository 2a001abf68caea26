// A link into a page ("#decision" in a mail) leads there, also by way of the sign-in.
const form = document.getElementById("sign-in");
form.addEventListener("submit", () => form.setAttribute("action", form.getAttribute("action") + location.hash));
