"use strict";
// A payment while it is typed: spread over the chosen invoices, then the oldest, with what is left over.
all("form[data-payment]").forEach((form) => {
  const decimals = Number(form.dataset.payment), one = 10 ** decimals;
  const rows = all("[data-left]", form).map((row) => ({
    open: Number(row.dataset.left), paid: row.dataset.paid, tick: row.querySelector("[data-apply]"), wanted: row.querySelector(":checked"),
    part: row.querySelector("[name^=part-]"), rest: row.querySelector("output"),
  }));
  const amount = form.elements.amount, sum = form.querySelector("[data-payment-sum]");
  const record = document.querySelector("[data-payment-record]"), plain = record.textContent;
  const read = (field) => Math.round(Number(field.value.normalize("NFKC").replace(/[,\s]/g, "")) * one) || 0;
  const shown = (minor) => (minor / one).toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  const give = (row, minor) => { row.part.value = minor ? shown(minor) : ""; row.tick.checked = minor > 0; };

  function spread() {
    let left = read(amount);
    [...rows.filter((row) => row.wanted), ...rows.filter((row) => !row.wanted && !row.refused)].forEach((row) => {
      const part = Math.max(0, Math.min(left, row.open));
      give(row, part);
      left -= part;
    });
  }

  function tell() {
    const received = read(amount), applied = rows.reduce((all, row) => all + read(row.part), 0);
    const left = received - applied, values = { received, applied, left };
    rows.forEach((row) => { row.rest.value = row.open === read(row.part) ? row.paid : shown(row.open - read(row.part)); });
    sum.textContent = sum.dataset.text.replace(/{(\w+)}/g, (_, name) => shown(values[name]));
    const fine = left === 0 || left > 0 && rows.every((row) => read(row.part) >= row.open);
    sum.classList.toggle("warning", !fine);
    sum.classList.toggle("success", fine);
    record.textContent = received > 0 ? record.dataset.text.replace("{sum}", shown(received)) : plain;
  }

  form.addEventListener("input", (event) => {
    const row = rows.find((each) => each.tick === event.target || each.part === event.target);
    if (event.target === amount) spread();
    else if (row?.tick === event.target) {
      row.refused = !(row.wanted = row.tick.checked);
      const others = rows.reduce((all, each) => all + (each === row ? 0 : read(each.part)), 0);
      give(row, row.tick.checked ? Math.max(0, Math.min(row.open, read(amount) - others)) : 0);
    } else if (row) row.wanted = row.tick.checked = read(row.part) > 0;
    tell();
  });
});
