/* The score sheet by keyboard: Enter goes down the column of values, Shift+Enter up; Tab goes from a note straight to the
   next value (Shift+Tab still finds the boxes between them). The form is sent by its buttons only. */
(() => {
  "use strict";
  const VALUE = "input[name^=value-], select[name^=value-]";
  const columnOf = (field) => [...field.closest("table").querySelectorAll(VALUE)];
  const go = (event, field) => {
    if (!field) return;
    event.preventDefault();
    field.focus();
    if (field.select) field.select();
  };
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || !field.closest(".score-grid")) return;
    if (event.key === "Enter" && field.matches(".score-grid input, .score-grid select")) {
      event.preventDefault();
      const column = columnOf(field);
      const value = field.matches(VALUE) ? field : field.closest("tr").querySelector(VALUE);
      const next = column[column.indexOf(value) + (event.shiftKey ? -1 : 1)];
      go(event, next ?? (event.shiftKey ? null : field.form.querySelector("button[type=submit]")));
    } else if (event.key === "Tab" && !event.shiftKey && field.matches("textarea")) {
      const column = columnOf(field);
      const own = field.closest("tr").querySelector(VALUE);
      if (own) go(event, column[column.indexOf(own) + 1]);
    }
  });

  /* Several cells pasted into a value lead to the page that shows what they would change. */
  document.addEventListener("paste", (event) => {
    const field = event.target;
    const form = field.closest("form[data-paste-url]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!form || !field.matches(VALUE) || !/[\t\r\n]/.test(text.trim())) return;
    event.preventDefault();
    const sent = document.createElement("form");
    sent.method = "post";
    sent.action = form.dataset.pasteUrl;
    sent.hidden = true;
    const values = {
      csrfmiddlewaretoken: form.querySelector("[name=csrfmiddlewaretoken]").value,
      start: field.name.replace("value-", ""),
      text,
    };
    for (const [name, value] of Object.entries(values)) {
      const input = document.createElement("textarea");
      input.name = name;
      input.value = value;
      sent.append(input);
    }
    document.body.append(sent);
    sent.submit();
  });
})();
