// What a reader does with a question or an answer. Follows chat.js in the same function.

onClick(".hb-example", (button) => trigger("ask", { question: button.textContent }));

onClick(".hb-as-typed", (button) =>
  trigger("ask", { question: button.dataset.question, typed: true }));

// Asks again, a date or an outlet of the question taken for plain words.
onClick(".hb-without", (button) =>
  trigger("ask", {
    question: button.dataset.question,
    without: JSON.parse(button.dataset.without),
  }));

onClick(".hb-edit", (button) => {
  const box = document.querySelector("#hb-input textarea");
  box.value = button.closest(".hb-question").querySelector("bdi").textContent;
  box.dispatchEvent(new Event("input", { bubbles: true })); // Gradio reads it from there
  box.focus();
});

// ---- filters: of the form at the foot, for the following questions ----

function filters(form) {
  return form ? Object.fromEntries(new FormData(form)) : {};
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".hb-filter-form")) return;
  event.preventDefault();
  trigger("filter", filters(event.target));
});

onClick(".hb-clear", () => trigger("filter", {}));

onClick(".hb-within", (button) => {
  const others = filters(document.querySelector(".hb-filter-form"));
  trigger("filter", { ...others, article: button.dataset.article });
  document.querySelector("#hb-input textarea").focus();
});

// ---- copying ----

onClick(".hb-copy", (button) => copy(button.dataset.copy, say().copied));
onClick(".hb-link", (button) => copy(address("passage", button.dataset.passage), say().link_copied));
onClick(".hb-share", async (button) => {
  const url = address("q", button.dataset.question);
  const phone = matchMedia("(pointer: coarse)").matches && navigator.share;
  if (!phone) return copy(url, say().link_copied);
  await navigator.share({ title: button.dataset.question, url }).catch(() => {});
});

function address(name, value) {
  return `${location.origin}${location.pathname}?${name}=${encodeURIComponent(value)}`;
}

// Browsers offer the clipboard to pages over https or from this machine only.
async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    prompt(say().cannot_copy, text);
  }
}

const status = document.createElement("div");
status.id = "hb-toast";
status.setAttribute("role", "status");
document.body.append(status);
let hiding = 0;

function toast(words) {
  status.textContent = words;
  clearTimeout(hiding);
  hiding = setTimeout(() => (status.textContent = ""), 3000);
}

// ---- thumbs ----

function tell(element, fields) {
  trigger("thumb", { turn: element.closest(".hb-answer").dataset.turn, ...fields });
}

onClick(".hb-thumb", (button) => {
  const thumbs = button.closest(".hb-thumbs");
  for (const other of thumbs.querySelectorAll(".hb-thumb")) {
    other.setAttribute("aria-pressed", other === button);
  }
  thumbs.querySelector(".hb-why").hidden = button.dataset.verdict !== "down";
  tell(button, { verdict: button.dataset.verdict });
});

onClick(".hb-choose", (button) => {
  button.setAttribute("aria-pressed", "true");
  tell(button, { verdict: "this", passage: button.dataset.passage });
});

// The thumb was kept when it was clicked: few give a reason. The reason comes as another one.
document.addEventListener("submit", (event) => {
  const form = event.target.closest(".hb-why");
  if (!form) return;
  event.preventDefault();
  form.hidden = true;
  tell(form, { verdict: "down", reason: form.elements.reason.value });
});
