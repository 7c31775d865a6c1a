"use strict";
// Fields of our own: a list that searches, a date as people write it, a file that says what it is.
(() => {
  let serial = 0;
  const named = (element) => (element.id ||= `own-${++serial}`);
  const sign = (name) => {
    const made = make("span");
    made.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${text("Icons")}#${name}"></use></svg>`;
    return made.firstChild;
  };

  // A list under a field: ↓↑ choose, Tab and Enter take the highlighted one, Esc closes.
  const listOf = (field) => field.closest(".combo").querySelector("[role=listbox]");
  const options = (field) => all("[role=option]", listOf(field));
  const highlighted = (field) => listOf(field).hidden ? null : listOf(field).querySelector("[aria-selected=true]");

  function highlight(field, option) {
    options(field).forEach((one) => { one.ariaSelected = one === option; });
    if (!option) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", named(option));
    option.scrollIntoView({ block: "nearest" });
  }

  function unfold(field, yes = true) {
    const list = listOf(field), open = yes && options(field).length > 0;
    list.hidden = !open;
    field.setAttribute("aria-controls", named(list));
    field.ariaExpanded = open;
    highlight(field, open ? list.querySelector("[data-current]") || options(field).find((one) => !one.matches(".new")) : null);
  }

  async function search(field, words) {
    const { rows } = field, { asks } = rows?.dataset || {};
    if (!rows) return htmx.trigger(listOf(field), "search");
    if (asks) {
      const found = await (await fetch(asks + encodeURIComponent(words))).text(), chosen = rows.selectedOptions[0];
      if (field !== document.activeElement || words && words !== field.value) return;
      rows.replaceChildren(...all("option", new DOMParser().parseFromString(found, "text/html")));
      rows.value = chosen.value;
      if (!rows.value && chosen.value) rows.append(chosen);
    }
    offer(field, words);
    unfold(field);
  }

  function take(field, option) {
    unfold(field, false);
    if (option.matches(".new")) {
      if (!field.rows) field.value = field.defaultValue;  // what is created fills the row
      htmx.trigger(option, "take");
      return false;
    }
    if (field.rows) {
      field.rows.value = option.dataset.value;
      tell(field.rows, ["input", "change"]);
    } else {
      field.value = option.dataset.value;
      tell(field);
    }
    return true;
  }

  function next(field) {
    const row = field.closest("tr")?.querySelector(`[name="${field.dataset.next}"]`);
    const stops = all("input, select, textarea, button", field.form).filter((one) => one.offsetParent && !one.disabled && one.tabIndex >= 0);
    const after = row || stops[stops.indexOf(field) + 1];
    after?.focus();
    after?.select?.();
  }

  listen("input", (event) => {
    const field = event.target;
    if (field.matches("[role=combobox]")) { clearTimeout(field.wait); field.wait = setTimeout(() => search(field, field.value), field.rows && !field.rows.dataset.asks ? 0 : 120); }
  });
  listen("htmx:afterSwap", (event) => {
    const field = event.target.closest?.(".combo")?.querySelector("[role=combobox]");
    if (field && field === document.activeElement) unfold(field);
  });
  listen("focusout", (event) => {
    const field = event.target;
    if (!field.matches("[role=combobox]")) return;
    clearTimeout(field.wait);
    unfold(field, false);
    const none = field.rows?.options[0];
    if (none && !none.selected && !Number(none.value) && !field.value.trim()) {
      field.rows.selectedIndex = 0;
      tell(field.rows);
    } else if (field.rows) shown(field);
  });
  listen("pointerdown", (event) => {
    const option = event.target.closest(".combo [role=option]"), box = event.target.closest(".combo [role=combobox]");
    if (option) event.preventDefault();
    if (box?.rows && listOf(box).hidden) { search(box, ""); setTimeout(() => box.setSelectionRange(0, 999)); }
  });
  listen("click", (event) => {
    const option = event.target.closest(".combo [role=option]");
    const field = option?.closest(".combo").querySelector("[role=combobox]");
    if (field && take(field, option)) next(field);
  });
  listen("keydown", (event) => {
    const field = event.target;
    if (!field.matches?.("[role=combobox]") || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const option = highlighted(field);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (listOf(field).hidden) search(field, field.rows ? "" : field.value);
      else {
        const found = options(field), at = found.indexOf(option) + (event.key === "ArrowDown" ? 1 : -1);
        highlight(field, found[(at + found.length) % found.length]);
      }
    } else if (event.key === "Escape" && !listOf(field).hidden) unfold(field, false);
    else if (option && (event.key === "Enter" || event.key === "Tab" && !event.shiftKey)) { if (take(field, option)) next(field); }
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  // A select of rows becomes such a list; without script it stays what it is.
  function shown(field) {
    const option = field.rows.selectedOptions[0];
    field.value = option && Number(option.value) ? option.text : "";
  }

  function offer(field, words) {
    const list = listOf(field), asked = words.trim().toLowerCase();
    const fits = (one) => one.value && (!asked || (one.text + " " + (one.dataset.find || "")).toLowerCase().includes(asked));
    const rows = [...field.rows.options].filter(fits).slice(0, 50).map((one) => {
      const row = make("div"), name = make("span", "", one.text), at = asked ? one.text.toLowerCase().indexOf(asked) : -1;
      if (at >= 0) name.replaceChildren(one.text.slice(0, at), make("mark", "", one.text.slice(at, at + asked.length)), one.text.slice(at + asked.length));
      row.role = "option";
      row.dataset.value = one.value;
      if (one.selected && !asked) row.dataset.current = "";
      row.append(name);
      return row;
    });
    const { newHref, newText } = field.rows.dataset;
    if (newHref) {
      const row = make("div", "new"), typed = words.trim(), query = typed && "?name=" + encodeURIComponent(typed);
      row.append(sign("plus"), make("span", "", `${newText}${typed && ` “${typed}”`}…`));
      Object.entries({ role: "option", "hx-get": newHref + query, "hx-target": "#creation", "hx-swap": "innerHTML", "hx-trigger": "take" })
        .forEach((pair) => row.setAttribute(...pair));
      htmx.process(row);
      rows.push(row);
    }
    list.replaceChildren(...rows);
  }

  function combobox(select) {
    const box = make("div", "combo"), field = make("input"), list = make("div", "pop");
    field.type = "text";
    if (select.id) field.id = select.id;
    select.removeAttribute("id");
    Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", autocomplete: "off" })
      .forEach((pair) => field.setAttribute(...pair));
    ["aria-label", "aria-describedby", "aria-invalid"].forEach((name) => select.hasAttribute(name) && field.setAttribute(name, select.getAttribute(name)));
    field.required = select.required;
    select.required = false;
    field.rows = select;
    select.combo = field;
    list.role = "listbox";
    list.ariaLabel = select.labels[0]?.firstChild.textContent.trim() || field.ariaLabel || "";
    list.hidden = select.hidden = true;
    select.before(box);
    box.append(field, list, select);
    field.placeholder = select.options[0]?.text || "";
    shown(field);
    select.addEventListener("change", () => shown(field));
    select.form?.addEventListener("reset", () => setTimeout(() => shown(field)));
  }

  // A date, as the company writes it: the server reads what people write; the day of the week stands below.
  const written = (day, [yyyy, mm, dd] = day.split("-")) => text("Dates").replace(/[ymd]+/g, (part) =>
    ({ yyyy, mm, dd, m: +mm, d: +dd, mmm: "JanFebMarAprMayJunJulAugSepOctNovDec".substr(3 * mm - 3, 3) })[part]);

  function dateField(field) {
    const was = field.getAttribute("value") || "", box = make("span", "day"), button = make("button", "bare"), hint = make("small", "hint");
    field.type = "text";
    field.autocomplete = "off";
    field.placeholder = text("Dates").toUpperCase();
    const picker = Object.assign(make("input"), { type: "date", tabIndex: -1 });
    picker.ariaHidden = "true";
    button.type = "button";
    button.ariaLabel = text("Calendar");
    button.append(sign("calendar"));
    field.before(box);
    box.append(field, button, picker);
    box.after(hint);
    const show = (day) => {
      picker.value = day;
      if (picker.value) field.value = written(day);
      hint.textContent = picker.value && picker.valueAsDate.toLocaleDateString(document.documentElement.lang, { weekday: "long", timeZone: "UTC" });
    };
    field.addEventListener("change", async () => {
      const words = field.value, answer = words && await fetch(`/day?text=${encodeURIComponent(words)}`);
      if (field.value === words) show(answer.ok ? await answer.text() : "");
    });
    field.form?.addEventListener("reset", () => setTimeout(() => show(was)));
    button.addEventListener("click", () => picker.showPicker());
    picker.addEventListener("change", (event) => {
      event.stopPropagation();
      show(picker.value);
      tell(field, ["input", "change"]);
      field.focus();
    });
    picker.addEventListener("input", (event) => event.stopPropagation());
    field.value = was;
    show(was);
    field.defaultValue = field.value;
  }

  // A file, in the reader's words; it can be dropped on the field.
  function fileField(field) {
    const box = make("div", "file own"), choose = make("label", "file-choose", "-"), thumb = make("span", "thumb");
    const words = make("span", "file-words"), remove = make("button", "file-remove");
    remove.type = "button";
    remove.append(sign("trash-2"), text("Remove"));
    box.dataset.drop = "";
    field.before(box);
    choose.append(field);
    field.classList.add("visually-hidden");
    box.append(thumb, words, choose, remove);
    const size = (bytes) => bytes < 2 ** 20 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
    const show = () => {
      const files = [...field.files], picture = files.length === 1 && files[0].type.startsWith("image/") && files[0];
      thumb.replaceChildren(picture ? Object.assign(make("img"), { src: URL.createObjectURL(picture), alt: "" }) : sign(files.length ? "file-text" : "upload"));
      words.replaceChildren(...files.map((file) => make("small", "", `${file.name} · ${size(file.size)}`)));
      if (!files.length) words.textContent = text("Drop");
      choose.firstChild.data = files.length ? text("Replace") : field.dataset.choose || text("Choose");
      remove.hidden = !files.length;
    };
    field.addEventListener("change", show);
    remove.addEventListener("click", () => { field.value = ""; tell(field, ["input", "change"]); field.focus(); });
    field.form?.addEventListener("reset", () => setTimeout(show));
    show();
  }

  function upgrade(within) {
    all("select:not([multiple], [hidden])", within).forEach((select) => {
      const searched = select.matches("[data-combobox]") || select.name === "customer" || select.options.length > 8 && select.querySelector("[data-find]");
      if (searched && !select.closest(".toolbar, .combo")) combobox(select);
    });
    all("input[type=date], [data-day]", within).forEach((field) => { if (!field.closest(".day")) dateField(field); });
    all("input[type=file]", within).forEach((field) => { if (!field.closest(".file")) fileField(field); });
    const note = document.querySelector("main [data-wrong]"), at = note && document.getElementsByName(note.dataset.wrong)[0];
    if (at?.offsetParent) {
      note.className = "error";
      at.setAttribute("aria-invalid", true);
      at.setAttribute("aria-describedby", named(note));
      at.closest("label, .field, td").append(note);
      delete note.dataset.wrong;
    }
    const wrong = within === document && document.querySelector("main [aria-invalid=true]:not([type=hidden])");
    if (wrong && wrong.offsetParent) wrong.focus();
  }
  upgrade(document);
  listen("htmx:load", (event) => { if (event.target !== document.body) upgrade(event.target.parentElement || event.target); });
})();
