// The side panel and what is around the answers. Gradio runs this once, when the panel is loaded,
// with `element` (the panel's place), `trigger`, `props` and `watch`. The scripts beside it
// (chat_actions.js, chat_history.js) follow it in the same function.

let opener = null;

// What the page says by itself, in the language it is in.
function say() {
  return JSON.parse(document.getElementById("hb-say").dataset.say);
}

// Runs `act` with whatever is clicked that matches, wherever it is on the page.
function onClick(selector, act) {
  document.addEventListener("click", (event) => {
    const found = event.target.closest(selector);
    if (found) act(found, event);
  });
}

// ---- the side panel: one article beside the conversation ----

onClick(".hb-read", (button) => {
  if (!element.contains(button)) opener = button;
  trigger("open_article", { ...button.dataset });
});

function close() {
  props.value = "";
  opener?.focus({ preventScroll: true });
  opener = null;
}

onClick(".hb-close", (button) => {
  if (element.contains(button)) close();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && element.querySelector(".hb-reader")) close();
});

watch("value", () => {
  const page = element.querySelector(".hb-page");
  if (!page) return;
  const place = page.querySelector(".hb-passage mark") ?? page.querySelector(".hb-passage");
  // A third from the top, so that what comes before it is seen too.
  const top = (element) => element.getBoundingClientRect().top;
  page.scrollTop = place ? page.scrollTop + top(place) - top(page) - page.clientHeight / 3 : 0;
  element.querySelector(".hb-close").focus({ preventScroll: true });
});

// ---- the conversation ----

let shown = "";
let heard = "";

function onChange() {
  const conversation = document.getElementById("hb-conversation");
  const words = document.getElementById("hb-say");
  if (!conversation || !words) return; // Gradio is still loading them
  const { code, conversation: label, lost_title, lost, busy, trouble } = say();
  document.documentElement.lang = code;
  // Gradio's own labels are English, and those of messages hide what the message says.
  conversation.querySelector("[role=log]")?.setAttribute("aria-label", label);
  for (const message of conversation.querySelectorAll("[data-testid][aria-label]")) {
    message.removeAttribute("aria-label");
  }
  translate(".toast-title", [[/^Connection Lost$/, lost_title], [/^Error$/, trouble]]);
  translate(".toast-text", [[/^Connection to the server/, lost], [/^Queue is full/, busy]]);
  const said = document.querySelector("#hb-said p");
  if (said && said.dataset.at !== heard) {
    heard = said.dataset.at;
    toast(said.textContent);
  }
  const questions = conversation.querySelectorAll(".hb-question");
  const state = `${questions.length} ${conversation.querySelectorAll(".hb-answer").length}`;
  if (state === shown) return;
  shown = state;
  remember(questions);
  // A new answer is read from its question down, not from its end.
  questions[questions.length - 1]?.scrollIntoView({ block: "start" });
}

// Gradio's own messages, which it has in English only.
function translate(selector, translations) {
  for (const message of document.querySelectorAll(selector)) {
    const said = message.textContent.trim();
    const found = translations.find(([english]) => english.test(said));
    // Writing what is there already would be a change, and so without end.
    if (found && found[1] !== said) message.textContent = found[1];
  }
}

new MutationObserver(onChange).observe(document.body, { childList: true, subtree: true });
