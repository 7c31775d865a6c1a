"use strict";
// For the scripts after this one too
const text = (name) => document.body.dataset["text" + name] || "";
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const make = (tag, className = "", textContent = "") => Object.assign(document.createElement(tag), { className, textContent });
const listen = (type, act, early) => document.addEventListener(type, act, early);
const tell = (field, names = ["change"]) => names.forEach((name) => field.dispatchEvent(new Event(name, { bubbles: true })));

(() => {
  const root = document.documentElement;
  root.classList.add("js");

  function toast(message, tone = "") {
    const box = make("div", "toast " + tone), close = make("button", "bare", "×");
    close.type = "button";
    close.setAttribute("aria-label", text("Close"));
    close.addEventListener("click", () => box.remove());
    box.append(make("span", "", message), close);
    document.getElementById("toasts").append(box);
    setTimeout(() => box.remove(), tone === "danger" ? 10000 : 4500);
  }

  // Theme
  function toggleTheme() {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const next = (root.dataset.theme || system) === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    const [name, secure] = location.protocol === "https:" ? ["__Host-theme", "; Secure"] : ["theme", ""];
    document.cookie = `${name}=${next}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  }

  // The tab one is on, also where the row of tabs is wider than the window
  function showTab() {
    all(".tabs [aria-current]").forEach((tab) => {
      const row = tab.parentElement;
      row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
    });
  }

  // Ticks and the bulk bar
  function showTicks(name) {
    const boxes = all(`input[type=checkbox][name="${CSS.escape(name)}"]`);
    const ticked = boxes.filter((box) => box.checked).length;
    all(`[data-select-all="${CSS.escape(name)}"]`).forEach((head) => {
      head.checked = boxes.length > 0 && ticked === boxes.length;
      head.indeterminate = ticked > 0 && ticked < boxes.length;
    });
    all(`[data-bulk="${CSS.escape(name)}"]`).forEach((bar) => {
      bar.hidden = ticked === 0;
      all("[data-bulk-count]", bar).forEach((count) => { count.textContent = ticked; });
    });
  }

  // Questions before an act
  function ask(question, label) {
    return new Promise((answer) => {
      const dialog = make("dialog"), row = make("div", "actions");
      const button = (name, tone, value) => {
        const made = make("button", tone, name);
        made.type = "button";
        made.addEventListener("click", () => dialog.close(value));
        row.append(made);
        return made;
      };
      button(text("Cancel"), "secondary", "");
      const yes = button(label || text("Ok"), "primary", "yes");
      dialog.append(make("p", "", question), row);
      dialog.addEventListener("close", () => { dialog.remove(); answer(dialog.returnValue === "yes"); });
      document.body.append(dialog);
      dialog.showModal();
      yes.focus();
    });
  }

  function hold(event, element, again) {
    if (element.dataset.confirmed) { delete element.dataset.confirmed; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(element.dataset.confirm, element.dataset.confirmLabel).then((yes) => {
      if (yes) { element.dataset.confirmed = "yes"; again(); }
    });
  }

  // Unsaved forms
  const typed = (form) => form.matches("[data-dirty]") && form.dataset.touched;
  let leaving = false;

  function copy(button) {
    const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    const words = source ? source.value || source.textContent.trim() : button.dataset.copy;
    const old = () => {
      const area = make("textarea");
      area.value = words;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    };
    (navigator.clipboard ? navigator.clipboard.writeText(words).catch(old) : Promise.resolve(old())).then(() => toast(text("Copied")));
  }

  listen("click", (event) => {
    const target = event.target.closest("[data-confirm]:not(form)");
    if (target) hold(event, target, () => target.click());
  }, true);

  listen("submit", (event) => {
    const form = event.target;
    if (form.dataset.confirm) hold(event, form, () => form.requestSubmit(event.submitter));
  }, true);

  listen("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented && !form.matches("[hx-post],[hx-put],[hx-patch],[hx-delete],[hx-get]")) return;
    if (form.dataset.busy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    if (form.method.toLowerCase() !== "post" || form.target === "_blank" || form.hasAttribute("data-stays")) return;
    leaving = true;
    form.dataset.busy = "yes";
    all("[hx-post]", form).forEach((part) => htmx.trigger(part, "htmx:abort"));
    setTimeout(() => all("button:not([type=button])", form).forEach((button) => { button.disabled = true; button.dataset.guarded = "yes"; }));
  });

  function release(within = document) {
    leaving = false;
    const forms = within.matches?.("form") ? [within, ...all("form", within)] : all("form", within);
    forms.forEach((form) => delete form.dataset.busy);
    all("[data-guarded]", within).forEach((button) => { button.disabled = false; delete button.dataset.guarded; });
  }

  listen("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    if (on("[data-theme-toggle]")) toggleTheme();
    if (on("[data-copy],[data-copy-from]")) copy(on("[data-copy],[data-copy-from]"));
    if (on("[data-print]")) print();
    if (on("[data-discard]")) leaving = true;
    if (on("[data-unfold]")) {
      const part = document.getElementById(on("[data-unfold]").dataset.unfold);
      event.preventDefault();
      part.open = true;
      part.querySelector("[name=note]")?.focus();
    }
    if (on("[data-open]")) { event.preventDefault(); show(document.getElementById(on("[data-open]").dataset.open)); }
    if (on("[data-close]") || event.target.matches("dialog[open]")) on("dialog")?.close();
  });

  listen("change", (event) => {
    const box = event.target;
    if (box.type === "file") { weigh(box); nameFile(box); }
    if (box.dataset.selectAll) {
      all(`input[type=checkbox][name="${CSS.escape(box.dataset.selectAll)}"]`).forEach((one) => { one.checked = box.checked; });
      showTicks(box.dataset.selectAll);
    } else if (box.type === "checkbox" && box.name) showTicks(box.name);
  });

  // Files dropped onto a field; a second drop adds to the first
  function addFiles(field, dropped) {
    const together = new DataTransfer(), same = (file) => `${file.name} ${file.size} ${file.lastModified}`;
    const chosen = field.multiple ? [...field.files, ...dropped] : [...dropped];
    new Map(chosen.map((file) => [same(file), file])).forEach((file) => together.items.add(file));
    field.files = together.files;
    tell(field, ["input", "change"]);
  }

  // Said before it is sent: the form would be gone
  function weigh(field) {
    const sizes = [...field.files].map((file) => file.size);
    const most = field.dataset.most, together = document.body.dataset.mostTogether;
    const large = sizes.some((size) => size > most * 2 ** 20) || sizes.reduce((sum, size) => sum + size, 0) > together * 2 ** 20;
    const words = text("Large").replace("{mb}", most).replace("{together}", together);
    field.setCustomValidity(large ? words : "");
    field.reportValidity();
  }

  ["dragover", "dragleave", "drop"].forEach((name) => listen(name, (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) addFiles(zone.querySelector("input[type=file]"), event.dataTransfer.files);
  }));

  listen("input", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-dirty]")) form.dataset.touched = "yes";
    if (form?.matches("[data-exact]") && !differs(form)) delete form.dataset.touched;
  });
  // Typed back to what it was, a form is saved.
  function differs(form) {
    return all("input:not([type=hidden]), select, textarea", form).some((field) => {
      if (field.type === "file") return field.files.length > 0;
      if (field.matches("select")) return !([...field.options].find((one) => one.defaultSelected) || field.options[0]).selected;
      return field.checked !== field.defaultChecked || field.value !== field.defaultValue;
    });
  }
  listen("reset", (event) => {
    delete event.target.dataset.touched;
    setTimeout(() => all("[type=file]", event.target).forEach(nameFile));
  });
  function nameFile(field) {
    const place = field.closest(".file")?.querySelector("[data-file-name]");
    if (place) place.textContent = field.files[0]?.name || "";
  }

  addEventListener("beforeunload", (event) => {
    if (!leaving && all("form[data-dirty]").some(typed)) event.preventDefault();
  });
  addEventListener("pageshow", () => release());

  // A new draft that is left with nothing typed in it goes, before the next page lists it.
  listen("click", async (event) => {
    const left = document.querySelector("#untouched");
    const link = event.target.closest("a[href]");
    if (!left || !link || link.target || link.hash || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.defaultPrevented || link.origin !== location.origin || all("form[data-dirty]").some(typed)) return;
    event.preventDefault();
    const answer = await fetch(left.action, { method: "POST", body: new FormData(left) }).catch(() => null);
    const own = link.pathname === left.action.replace(/^.*?(\/documents\/\d+).*$/, "$1");
    location.assign(own && answer ? answer.url : link.href);
  });

  function show(dialog) {
    if (!dialog) return document.querySelector("main [type=search]")?.focus();
    dialog.showModal();
    const field = dialog.querySelector("[data-search]");
    if (field) { field.select(); htmx.trigger(field, "opened"); }
  }

  // Keys
  // J and K walk through rows, Enter opens one, X marks it; its own acts have theirs.
  function walk(step) {
    const rows = all("main table tbody tr:has(a[href]), main [data-row]").filter((row) => row.offsetParent);
    const at = rows.findIndex((row) => row.classList.contains("now"));
    const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    rows[at]?.classList.remove("now");
    next?.classList.add("now");
    next?.scrollIntoView({ block: "nearest" });
  }

  const KEYS = {
    "/": () => show(document.getElementById("palette")),
    "?": () => document.querySelector("[data-help]")?.click(),
    c: () => document.querySelector("[data-key=c]")?.click(),
    j: () => walk(1),
    k: () => walk(-1),
    x: () => document.querySelector(".now [name=ids]")?.click(),
    Enter: () => document.querySelector(".now a[href]")?.click(),
  };

  function nextRow(field) {
    let row = field.closest("tr"), below;
    while (!below && (row = row.nextElementSibling)) below = row.querySelector(`[name="${field.name}"]:not([type=hidden])`);
    if (below) { below.focus(); below.select?.(); } else field.form.querySelector("[data-add-line]")?.click();
  }

  listen("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const field = event.target;
    const typing = field.matches("input,select,textarea,[contenteditable]") || field.closest("dialog");
    const palette = document.getElementById("palette");
    if (palette && !palette.open && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      show(palette);
    }
    const free = !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const act = document.querySelector(`.now [data-key-row="${CSS.escape(event.key)}"]`);
    const key = act ? () => act.click() : KEYS[event.key];
    if (free && key && (!["Enter", " "].includes(event.key) || field === document.body || field.id === "main")) {
      event.preventDefault();
      key();
    }
    const finder = field.closest("[data-finder]");
    if (finder && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      const stops = [finder.querySelector("input"), ...all(".found a", finder)];
      const next = stops[stops.indexOf(field) + (event.key === "ArrowDown" ? 1 : -1)];
      event.preventDefault();
      next?.focus();
    }
    if (finder && event.key === "Enter" && field.matches("[data-search]") && finder.querySelector(".found a")) {
      event.preventDefault();
      finder.querySelector(".found a").click();
    }
    if (event.key === "Escape") all("details.menu[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
    const form = field.closest("form[data-lines]") || document.querySelector("form[data-lines]");
    if (!form) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-save]") || undefined);
    } else if (event.altKey && event.code === "KeyN") {
      event.preventDefault();
      form.querySelector("[data-add-line]")?.click();
    } else if (event.key === "Enter" && !event.shiftKey && field.matches("table.lines input, table.lines select")) {
      event.preventDefault();
      nextRow(field);
    }
  });

  // htmx
  // What is typed is being saved: what would be kept of it now is older
  listen("htmx:beforeRequest", (event) => {
    const form = event.detail.elt.closest("form");
    if (form && form !== event.detail.elt && form.dataset.busy) event.preventDefault();
  });
  listen("htmx:afterRequest", (event) => {
    const around = event.detail.elt.closest("form");
    if (!around || around === event.detail.elt || !around.dataset.busy) release(around || event.detail.elt);
    const form = event.detail.elt.closest("form[data-dirty]");
    if (form && event.detail.successful && event.detail.requestConfig.verb !== "get" && form === event.detail.elt) delete form.dataset.touched;
  });
  // A row that comes back filled keeps what was typed meanwhile, and the cursor.
  listen("htmx:beforeSwap", (event) => {
    const old = event.detail.target;
    if (!old.matches("table.lines tr") || !event.detail.shouldSwap) return;
    const at = old.contains(document.activeElement) ? document.activeElement : {}, { name: focused, selectionStart, selectionEnd } = at;
    const kept = ["quantity", "discount", "note"].map((name) => old.querySelector(`[name="line-${name}"]`)?.value);
    const rows = old.parentElement, place = [...rows.children].indexOf(old);
    rows.addEventListener("htmx:afterSwap", () => {
      const row = rows.children[place];
      ["quantity", "discount", "note"].forEach((name, i) => { if (kept[i]) row.querySelector(`[name="line-${name}"]`).value = kept[i]; });
      const again = focused && row.querySelector(`[name="${focused}"]`);
      if (again) { again.focus(); again.setSelectionRange?.(selectionStart, selectionEnd); }
      tell(rows);
    }, { once: true });
  });
  showTab();
  listen("htmx:afterSettle", (event) => {
    const first = event.detail.elt.querySelector?.("[data-focus]");
    if (first) { first.focus(); first.removeAttribute("data-focus"); }
    all("[data-select-all]").forEach((head) => showTicks(head.dataset.selectAll));
  });
  listen("htmx:responseError", (event) => {
    const answer = event.detail.xhr, words = (answer.responseText || "").trim();
    const plain = words && words.length < 200 && !words.includes("<");
    const known = { 403: text("Forbidden"), 404: text("Missing") };
    toast(plain ? words : known[answer.status] || text("Error"), "danger");
  });
  ["htmx:sendError", "htmx:timeout"].forEach((name) => listen(name, () => toast(text("Offline"), "danger")));
  listen("toast", (event) => toast(event.detail.text || event.detail.value, event.detail.tone));
  all("[data-select-all]").forEach((head) => showTicks(head.dataset.selectAll));
})();

listen("click", event => {
  const target = event.target.closest("[data-remove-line]");
  if (!target) return;
  const line = target.closest("tr, [data-line]"), rows = line.parentElement;
  line.remove();
  tell(rows);
});

// A signature drawn with mouse, pen or finger; kept in a hidden field as PNG.
all("canvas[data-signature]").forEach(canvas => {
  const field = document.getElementById(canvas.dataset.signature), pen = canvas.getContext("2d");
  let drawing = false;
  const spot = event => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
  };
  Object.assign(pen, {lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#1f2a2c"});
  canvas.addEventListener("pointerdown", event => { drawing = true; canvas.setPointerCapture(event.pointerId); pen.beginPath(); pen.moveTo(...spot(event)); });
  canvas.addEventListener("pointermove", event => { if (drawing) { pen.lineTo(...spot(event)); pen.stroke(); } });
  ["pointerup", "pointercancel"].forEach(name => canvas.addEventListener(name, () => { if (drawing) field.value = canvas.toDataURL("image/png"); drawing = false; }));
  canvas.parentElement.querySelector("[data-signature-clear]").addEventListener("click", () => { pen.clearRect(0, 0, canvas.width, canvas.height); field.value = ""; });
});

// The next step of a flow gets the next number
listen("htmx:afterRequest", event => {
  const count = event.detail.elt.parentElement?.querySelector("[data-count-up]");
  if (count && event.detail.successful) count.value = Number(count.value) + 1;
});

// The setup proposes the browser's time zone
for (const select of all("select[data-own-zone]")) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...select.options].some((option) => option.value === own)) select.value = own;
}

// The code behind the # of a mailed link
(onhashchange = () => {
  const [field] = all("[data-hash]"), code = location.hash.slice(1);
  if (!field || !code[8]) return;
  history.replaceState(0, "", location.pathname);
  field.value = code;
  field.form.requestSubmit();
})();
