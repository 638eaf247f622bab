// Earlier conversations: their questions, kept in this browser and sent nowhere until one is
// opened, when it is answered anew. Follows chat.js in the same function.

const KEY = "hoibao-history";
const KEPT = 30; // conversations
let current = Date.now(); // when this conversation began; it is known by that

function conversations() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(kept) ? kept : [];
  } catch {
    return []; // none yet, or storage is turned off
  }
}

function keep(all) {
  try {
    localStorage.setItem(KEY, JSON.stringify(all.slice(0, KEPT)));
  } catch {
    // Storage is full or turned off: there is no history then.
  }
}

// Called whenever the conversation on the page has changed.
function remember(questions) {
  if (!questions.length) {
    current = Date.now();
    return;
  }
  const asked = [...questions].map((question) => ({
    question: question.querySelector("bdi").textContent,
    typed: question.dataset.typed === "1",
    without: JSON.parse(question.dataset.without ?? "[]"),
  }));
  const others = conversations().filter((conversation) => conversation.at !== current);
  keep([{ at: current, questions: asked }, ...others]);
}

// ---- the list ----

const list = document.createElement("dialog");
list.id = "hb-conversations";
document.body.append(list);

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function draw() {
  const words = say();
  const all = conversations();
  const heading = make("h2", { textContent: words.history, id: "hb-conversations-title" });
  const shut = make("button", { className: "hb-shut", textContent: words.close });
  const rows = all.map((conversation) => row(conversation, words));
  const forget = make("button", { className: "hb-forget-all", textContent: words.forget_all });
  list.setAttribute("aria-labelledby", heading.id);
  list.replaceChildren(
    make("header", {}, heading, shut),
    all.length ? make("ul", {}, ...rows) : make("p", { textContent: words.no_history }),
    ...(all.length ? [forget] : []),
  );
}

function row(conversation, words) {
  const when = new Date(conversation.at).toLocaleString(words.code, {
    dateStyle: "short",
    timeStyle: "short",
  });
  const first = conversation.questions?.[0]?.question ?? "";
  const asked = words.asked_here.replace("{count}", conversation.questions?.length ?? 0);
  const open = make(
    "button",
    { className: "hb-open" },
    make("bdi", { textContent: first }),
    make("span", { textContent: `${when} · ${asked}` }),
  );
  const forget = make("button", { className: "hb-forget", textContent: words.forget });
  forget.setAttribute("aria-label", `${words.forget}: ${first}`);
  open.dataset.at = forget.dataset.at = conversation.at;
  return make("li", {}, open, forget);
}

onClick("#hb-history", () => {
  draw();
  list.showModal();
});
onClick("#hb-conversations .hb-shut", () => list.close());
onClick("#hb-conversations .hb-forget-all", () => {
  keep([]);
  draw();
});
onClick("#hb-conversations .hb-forget", (button) => {
  keep(conversations().filter((conversation) => String(conversation.at) !== button.dataset.at));
  draw();
});
onClick("#hb-conversations .hb-open", (button) => {
  const found = conversations().find((one) => String(one.at) === button.dataset.at);
  list.close();
  if (!found) return;
  current = found.at;
  trigger("reopen", { questions: found.questions });
});
