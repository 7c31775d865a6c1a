"use strict";
// The form is sent with what the device answers.
all("[data-passkey]").forEach((button) => {
  const { passkey, options } = button.dataset, answer = button.previousElementSibling, read = `parse${passkey}OptionsFromJSON`;
  button.hidden = !window.PublicKeyCredential?.[read];
  button.addEventListener("click", async () => {
    const publicKey = PublicKeyCredential[read](JSON.parse(options));
    const made = await navigator.credentials[passkey === "Request" ? "get" : "create"]({ publicKey }).catch(() => 0);
    if (made) { answer.value = JSON.stringify(made); button.form.requestSubmit(); }
  });
});
