"use strict";
// A customer or product that is missing is created in a dialog; the page goes on with it, and keeps what was typed.
(() => {
  const dialog = document.getElementById("creation");
  if (!dialog) return;

  dialog.addEventListener("htmx:afterSettle", () => {
    if (!dialog.open) dialog.showModal();
    const fields = all("input:not([type=hidden])", dialog);
    (dialog.querySelector("[aria-invalid]") || fields.find((one) => !one.value) || fields[0])?.focus();
  });

  dialog.addEventListener("htmx:beforeSwap", (event) => { if (event.target === dialog) dialog.replaceChildren(); });

  const go = {
    customer(made) {
      const select = document.querySelector("main select[name=customer]");
      select.add(new Option(made.name, made.id, true, true));
      tell(select);
      (select.combo || select).focus();
    },
    product(made) {
      const lines = document.getElementById("lines");
      const value = (row, name) => row.querySelector(`[name=line-${name}]`).value.trim();
      const fill = () => {
        const row = [...lines.rows].find((each) => each.querySelector("[role=combobox]") && !value(each, "product") && !value(each, "name"));
        const code = row?.querySelector("[name=line-code]");
        if (code) { code.value = made.code; tell(code); row.querySelector("[name=line-quantity]").select(); }
        return row;
      };
      if (fill()) return;
      lines.addEventListener("htmx:afterSettle", fill, { once: true });
      document.querySelector("[data-add-line]").click();
    },
  };
  listen("created", (event) => {
    dialog.close();
    go[event.detail.kind](event.detail);
  });
})();
