"use strict";
// The lines of a document: moved, duplicated, pasted; on a phone a row is a card that a tap opens.
(() => {
  const form = document.querySelector("form[data-lines]");
  if (!form) return;
  const lines = document.getElementById("lines");
  const field = (row, name) => row.querySelector(`[name="line-${name}"]`);
  const value = (row, name) => field(row, name)?.value.trim() || "";
  const says = (row) => value(row, "part") || value(row, "name") || value(row, "price") || value(row, "code");

  function changed() {
    form.dataset.touched = "yes";
    tell(lines);
  }

  function open(row) {
    [...lines.rows].forEach((one) => one.classList.toggle("open", one === row));
  }

  // What the card of a closed row says
  function brief(row) {
    const card = row.querySelector(".l-brief");
    if (!card) return;
    row.classList.toggle("fresh", !value(row, "name") && !row.querySelector("[aria-invalid]"));
    const tax = field(row, "tax").selectedOptions[0]?.text.trim() || "";
    card.firstChild.textContent = value(row, "name") || field(row, "code").getAttribute("aria-label");
    card.lastChild.textContent = `${value(row, "quantity")} ${value(row, "unit")} × ${value(row, "price") || "–"} · ${tax}`;
  }

  function move(row, step) {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    const focused = row.contains(document.activeElement) ? document.activeElement : null;
    step < 0 ? other.before(row) : other.after(row);
    focused?.focus();
    changed();
  }

  function duplicate(row) {
    const copy = row.cloneNode(true);
    copy.querySelector("details").open = false;
    all("[id]", copy).forEach((one) => one.removeAttribute("id"));
    field(copy, "source").value = "";
    if (field(row, "tax").options) field(copy, "tax").value = field(row, "tax").value;
    row.after(copy);
    htmx.process(copy);
    (field(copy, "quantity")?.type === "hidden" ? field(copy, "name") : field(copy, "quantity")).focus();
    changed();
  }

  const ACTS = {
    up: (row) => move(row, -1),
    down: (row) => move(row, 1),
    duplicate,
    remove: (row) => {
      const near = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      near?.querySelector("input:not([type=hidden])")?.focus();
      changed();
    },
  };

  lines.addEventListener("click", (event) => {
    const act = event.target.closest("[data-line-act]"), card = event.target.closest("[data-open-line]");
    if (act) ACTS[act.dataset.lineAct](act.closest("tr"));
    if (card) { open(card.closest("tr")); field(card.closest("tr"), "quantity").focus(); }
  });
  lines.addEventListener("focusin", (event) => open(event.target.closest("tr")));
  lines.addEventListener("input", (event) => brief(event.target.closest("tr")));
  listen("keydown", (event) => {
    const row = event.target.closest?.("#lines tr");
    if (!row || !event.altKey || event.ctrlKey || event.metaKey) return;
    const act = { ArrowUp: "up", ArrowDown: "down", KeyD: "duplicate" }[event.code];
    if (act) { event.preventDefault(); ACTS[act](row); }
  });

  // Dragged at its grip
  let dragged = null;
  lines.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip) return;
    dragged = grip.closest("tr");
    dragged.classList.add("dragged");
    grip.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  lines.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("#lines tr");
    if (!over || over === dragged) return;
    const box = over.getBoundingClientRect();
    event.clientY < box.top + box.height / 2 ? over.before(dragged) : over.after(dragged);
  });
  ["pointerup", "pointercancel"].forEach((name) => lines.addEventListener(name, () => {
    if (dragged) { dragged.classList.remove("dragged"); dragged = null; changed(); }
  }));

  // Cells of a table, pasted into a row or into the dialog
  const blank = (row) => !says(row);
  lines.addEventListener("paste", (event) => {
    const cells = event.clipboardData.getData("text/plain");
    if (!/\t|\n[^\n]/.test(cells)) return;
    event.preventDefault();
    const dialog = document.querySelector("#pasting form");
    dialog.elements.cells.value = cells;
    dialog.requestSubmit();
  });
  listen("pasted", () => {
    document.getElementById("pasting").close();
    document.querySelector("#pasting form").reset();
    [...lines.rows].filter(blank).forEach((row) => row.remove());
    changed();
  });

  listen("amounts", (event) => {
    const rows = [...lines.rows].filter(says);
    [...lines.rows].forEach((row) => { row.querySelector("[data-amount]").textContent = event.detail.rows[rows.indexOf(row)] || ""; });
  });
  lines.addEventListener("htmx:afterSettle", () => [...lines.rows].forEach(brief));
  [...lines.rows].forEach(brief);
  if (lines.rows.length === 1) field(lines.rows[0], "code").focus();
})();
