// Small comforts. Every page works without them.
"use strict";
document.documentElement.classList.add("js");

// "/" puts the cursor into the search box, as on many sites.
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  const box = document.querySelector('input[type="search"]');
  if (event.key === "/" && !typing && box && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A file that is dropped onto the form is chosen.
const drop = document.querySelector(".drop");
if (drop) {
  const input = drop.querySelector('input[type="file"]');
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  }
}

// A draft or a try is shown on the same page, so that the chosen file stays chosen.
const form = document.querySelector("form[data-stay]");
if (form) {
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button || button.value === "take") return;
    event.preventDefault();
    const data = new FormData(form);
    data.append(button.name, button.value);
    form.classList.add("busy");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const draft = page.querySelector("textarea");
      if (draft && button.value === "draft") form.querySelector("textarea").value = draft.value;
      const shown = document.getElementById("result");
      shown.replaceChildren(...(page.getElementById("result") || page.querySelector("main")).childNodes);
      shown.focus();
    } finally {
      form.classList.remove("busy");
    }
  });
}
