/* Small comforts of the pages; every page works without them. */
(() => {
  "use strict";
  const text = document.body.dataset;

  /* A form is sent once: its buttons rest until the answer or the next page is here. A button that was out of use before
     stays so. */
  const BUTTONS = "button[type=submit], input[type=submit], button:not([type])";
  const rest = (form, isBusy) => {
    form.toggleAttribute("data-sent", isBusy);
    form.setAttribute("aria-busy", String(isBusy));
    for (const button of form.querySelectorAll(isBusy ? BUTTONS : "[data-rests]")) {
      if (isBusy && button.disabled) continue;
      button.disabled = isBusy;
      button.toggleAttribute("data-rests", isBusy);
    }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.matches("[data-resubmit]") || form.target) return;
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    const pressed = event.submitter;
    /* One turn later, so that the pressed button's name and value still travel with the form. */
    setTimeout(() => {
      rest(form, true);
      pressed?.classList.add("is-busy");
    });
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) rest(form, false);
    for (const button of document.querySelectorAll(".is-busy")) button.classList.remove("is-busy");
  });

  /* Typed but not saved: say so, and ask before the page is left. */
  const touched = new Set();
  const mark = (form, isTouched) => {
    touched[isTouched ? "add" : "delete"](form);
    for (const note of form.querySelectorAll(".unsaved-mark")) note.hidden = !isTouched;
  };
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-unsaved]");
    if (form) mark(form, true);
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) mark(event.target, false);
  });
  addEventListener("beforeunload", (event) => {
    if (!touched.size) return;
    event.preventDefault();
    event.returnValue = "";
  });

  /* What scrolls sideways can be reached by keyboard. */
  for (const box of document.querySelectorAll(".sheet, .table-scroll")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }

  /* Menus close when the person turns elsewhere. */
  const menus = document.querySelectorAll("details.menu");
  document.addEventListener("click", (event) => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
    if (event.target.closest("[data-print]")) print();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) {
      if (menu.open && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  });
  const toggle = document.querySelector(".nav-toggle");
  toggle?.addEventListener("click", () => {
    const isOpen = document.getElementById("sidenav").classList.toggle("is-open");
    toggle.setAttribute("aria-expanded", String(isOpen));
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-autosubmit]")) event.target.form.requestSubmit();
  });
  document.querySelector("[data-focus]")?.focus();

  /* htmx: the token travels along; what was not saved stays in its cell and is marked. */
  const notice = document.getElementById("live-notice");
  const noNetwork = notice?.textContent.trim();
  const say = (sentence) => {
    notice.querySelector("p").textContent = sentence;
    notice.hidden = false;
  };
  document.addEventListener("htmx:configRequest", (event) => {
    /* The cookie knows the token of a sign-in in another tab; the page itself was made before it. */
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    event.detail.headers["X-CSRFToken"] = cookie?.[1] || document.querySelector('meta[name="csrf-token"]')?.content || "";
  });
  /* htmx would wait with a second sending, and forget it when the answer takes the place of the form. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.matches("form")) rest(event.detail.elt, true);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, successful, xhr } = event.detail;
    if (elt.matches("form")) rest(elt, false);
    const cell = elt.matches("input, select, textarea") ? [elt] : elt.querySelectorAll("input, select, textarea");
    for (const field of cell) field.classList.toggle("is-unsaved", !successful && xhr.status !== 409);
    if (successful) {
      notice.hidden = true;
      const form = elt.closest("form[data-unsaved]");
      if (form && !form.querySelector(".is-unsaved")) mark(form, false);
    } else if (xhr.status === 401) say(text.signedOut);
    else if (xhr.status === 0) say(noNetwork);
    else if (xhr.status !== 409) say(text.notSaved);
  });
})();
