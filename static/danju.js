"use strict";
(() => {
  const body = document.body, text = name => body.dataset["text" + name];
  const toast = message => {
    const box = document.createElement("div");
    box.className = "toast";
    box.textContent = message;
    document.getElementById("toasts").append(box);
    setTimeout(() => box.remove(), 8000);
  };
  document.addEventListener("click", event => {
    const target = event.target.closest("[data-remove-line],[data-theme-toggle],[data-copy]");
    if (!target) return;
    if (target.matches("[data-remove-line]")) {
      const rows = target.closest("tbody");
      target.closest("tr").remove();
      rows.dispatchEvent(new Event("change", {bubbles: true}));
    } else if (target.matches("[data-theme-toggle]")) {
      const dark = getComputedStyle(document.documentElement).colorScheme === "dark" || matchMedia("(prefers-color-scheme: dark)").matches;
      const next = document.documentElement.dataset.theme ? (document.documentElement.dataset.theme === "dark" ? "light" : "dark") : dark ? "light" : "dark";
      document.documentElement.dataset.theme = next;
      document.cookie = `theme=${next};path=/;max-age=31536000;samesite=lax`;
    } else navigator.clipboard.writeText(target.dataset.copy).then(() => toast(text("Copied")));
  });
  document.addEventListener("change", event => {
    if (event.target.matches("[data-select-all]"))
      document.querySelectorAll(`input[name="${event.target.dataset.selectAll}"]`).forEach(box => { box.checked = event.target.checked; });
  });
  document.addEventListener("keydown", event => {
    const typing = event.target.closest("input,textarea,select"), form = document.querySelector("form[data-lines]");
    if (event.key === "/" && !typing) {
      const search = document.querySelector("[data-search]");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (form && (event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      form.requestSubmit();
    } else if (form && event.altKey && event.key.toLowerCase() === "n") {
      event.preventDefault();
      form.querySelector("[data-add-line]").click();
    } else if (event.key === "Enter" && typing && typing.matches("table.lines input")) {
      event.preventDefault();
      const row = typing.closest("tr");
      if (!row.nextElementSibling) form.querySelector("[data-add-line]").click();
      else row.nextElementSibling.querySelector(`[name="${typing.name}"]`).focus();
    }
  });
  document.addEventListener("htmx:afterSwap", event => {
    if (event.target.id === "lines") event.target.lastElementChild.querySelector('[name="line-code"]').focus();
  });
  let dirty = false;
  document.addEventListener("input", event => { if (event.target.closest("form[data-dirty]")) dirty = true; });
  document.addEventListener("submit", event => {
    dirty = false;
    const button = event.submitter;
    if (button && event.target.method === "post") setTimeout(() => { button.disabled = true; }, 0);
  });
  addEventListener("pageshow", () => document.querySelectorAll("button[disabled]").forEach(b => { b.disabled = false; }));
  addEventListener("beforeunload", event => { if (dirty) event.preventDefault(); });
  document.addEventListener("htmx:responseError", event => {
    const answer = event.detail.xhr.responseText;
    toast(answer && answer.length < 200 ? answer : text("Error"));
  });
  document.addEventListener("htmx:sendError", () => toast(text("Offline")));
})();
