// In the demo, a click on a user fills in the sign-in form.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-user]");
  if (!button) return;
  const form = document.getElementById("sign-in");
  form.elements.login.value = button.dataset.user;
  form.elements.password.value = "slipway-demo";
  form.requestSubmit();
});
