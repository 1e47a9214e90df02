"use strict";
// The page of a run. Every text of a dialogue is set as text, never as markup; nothing is loaded but from this server.
const $ = (id) => document.getElementById(id);
const LONG = 4000; // characters of a turn shown before it is asked for
const state = { start: 0, rows: [], of: 0, page: 50, at: -1, shown: null, turn: 0, wanted: 0, media: [] };

function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...inside.flat().filter((each) => each !== null && each !== undefined));
  return element;
}
// A stranger's words: isolated, so that what turns the direction of text turns it here alone.
function words(text, most = LONG) {
  const said = String(text ?? "");
  const held = make("bdi", { dir: "auto" }, said.slice(0, most));
  if (said.length <= most) return held;
  const more = make("button", { type: "button", onclick: () => { held.textContent = said; more.remove(); } }, `show all ${said.length.toLocaleString()} characters`);
  return make("span", {}, held, " ", more);
}
const chip = (inside, kind = "") => make("li", { class: `chip ${kind}` }, inside);
const seconds = (at) => at === null || at === undefined ? "no clock" : `${Math.floor(at / 60)}:${String(Math.floor(at % 60)).padStart(2, "0")}`;
const place = (proof) => proof.kind === "row" ? `row ${proof.at.join(", ")}` : proof.kind === "span" ? "a document" : seconds(proof.start);

async function ask(path, body) {
  const options = body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
  const reply = await fetch(path, options);
  const value = await reply.json();
  if (!reply.ok) throw new Error(value.error || reply.statusText);
  return value;
}
let fading;
function tell(text) {
  $("toast").textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => { $("toast").textContent = ""; }, 4000);
}

// --- the list ---------------------------------------------------------------------------------------------
const FILTERS = ["domain", "lang", "outcome", "status", "decision"];
async function list(start = 0) {
  const wanted = ++state.wanted;
  const query = new URLSearchParams({ start, text: $("text").value });
  for (const name of FILTERS) query.set(name, $(name).value);
  const found = await ask(`/api/dialogues?${query}`);
  if (wanted !== state.wanted) return; // a later question was asked meanwhile
  Object.assign(state, { start: found.start, rows: found.rows, of: found.of, page: found.page, at: found.rows.length ? 0 : -1 });
  const last = found.start + found.rows.length;
  $("count").textContent = found.of ? `${found.start + 1} to ${last} of ${found.of.toLocaleString()}` : "None passes these filters.";
  $("back").disabled = found.start === 0;
  $("more").disabled = last >= found.of;
  $("rows").replaceChildren(...found.rows.map(row));
  mark();
}
function row(each, n) {
  const decision = each.decision || (each.status === "rejected" ? "rejected" : "");
  return make("li", {}, make("button", { type: "button", onclick: () => { state.at = n; open(each.id); } },
    make("span", { class: "row-top" }, words(each.outcome.replace("_", " ")), `${each.turns} turns`, words(each.about, 40), make("span", { class: `mark ${decision}` }, decision)),
    make("span", { class: "row-text" }, words(each.opening))));
}
function mark() {
  [...$("rows").children].forEach((each, n) => each.setAttribute("aria-current", String(n === state.at)));
  $("rows").children[state.at]?.scrollIntoView({ block: "nearest" });
}
async function step(by) {
  if (state.at + by >= state.rows.length && state.start + state.page < state.of) { await list(state.start + state.page); return; }
  state.at = Math.max(0, Math.min(state.rows.length - 1, state.at + by));
  mark();
}

// --- a dialogue -------------------------------------------------------------------------------------------
async function open(id) {
  state.shown = await ask(`/api/dialogue/${encodeURIComponent(id)}`);
  state.turn = 0;
  mark();
  draw();
  $("dialogue").scrollTop = 0;
}
function draw() {
  const it = state.shown;
  const edits = new Map(it.reviews.filter((each) => each.decision === "edit").map((each) => [each.turn, each]));
  $("dialogue").replaceChildren(
    make("h1", {}, words(it.scenario.aim), " · ", words(it.scenario.path)),
    make("ul", { class: "chips" }, chip(it.ended.replace("_", " "), "taken"), chip(`${it.turns.length} turns`), chip(words(it.scenario.domain)), chip(it.scenario.lang), chip(`words: ${it.realiser}`), chip(it.id),
      it.status === "rejected" ? chip(words(it.reason), "bad") : chip("passed every critic")),
    deciding(),
    make("div", { class: "columns" },
      make("section", { "aria-label": "Turns" }, make("ol", { class: "turns", id: "turns" }, it.turns.map((each, n) => turn(each, n, edits.get(n))))),
      make("aside", { "aria-label": "Labels and evidence" }, make("div", { id: "labels" }), goal(it), plan(it), evidence(it), people(it), bill(it), history(it))));
  choose(0, false);
}
function turn(each, n, edit) {
  return make("li", { class: `turn ${each.role}`, onclick: () => choose(n) },
    make("span", { class: "by" }, each.role, make("span", { class: "soft" }, words(each.stage, 60)), each.grounding.length ? place(each.grounding[0]) : null),
    make("p", { class: "said" }, words(each.text)),
    edit ? make("p", { class: "said edited" }, words(edit.text), make("span", { class: "soft" }, " edited by ", words(edit.rater))) : null);
}
function choose(n, scroll = true) {
  const it = state.shown;
  if (!it || !it.turns[n]) return;
  state.turn = n;
  [...$("turns").children].forEach((each, at) => each.classList.toggle("chosen", at === n));
  if (scroll) $("turns").children[n].scrollIntoView({ block: "nearest" });
  document.querySelectorAll(".clock li").forEach((each) => each.classList.toggle("lit", each.dataset.turns.split(" ").includes(String(n))));
  const now = it.turns[n];
  const list = (found, of, none) => make("ul", { class: "chips" }, found.length ? found.map((each) => chip(words(of(each)))) : chip(none));
  const calls = it.calls.filter((each) => each.turn === n).length;
  $("labels").replaceChildren(make("h2", {}, `Turn ${n + 1}`), make("dl", { class: "facts" },
    make("dt", {}, "acts"), make("dd", {}, list(now.acts, (act) => `${act.act} ${[act.slot, act.value].filter(Boolean).join(" = ")}`, "none")),
    make("dt", {}, "state after"), make("dd", {}, list(now.state, (slot) => `${slot.slot} = ${slot.value}`, "empty")),
    now.strategy ? [make("dt", {}, "strategy"), make("dd", {}, words(now.strategy))] : [],
    now.draft && now.draft !== now.text ? [make("dt", {}, "draft"), make("dd", {}, words(now.draft))] : [],
    make("dt", {}, "words"), make("dd", {}, { model: "the model's", template: "the template's", kept: "the template's: the model's did not pass" }[now.worded]),
    make("dt", {}, "calls"), make("dd", {}, calls ? String(calls) : "none")));
}
const section = (title, opened, ...inside) => make("details", { open: opened }, make("summary", {}, title), ...inside);
function goal(it) {
  const sign = { eq: "=", max: "≤", min: "≥" };
  return section("Goal", false, make("ul", { class: "chips" }, it.scenario.constraints.map((each) => chip(words(`${each.slot} ${sign[each.op]} ${each.value}`))), it.scenario.requests.map((each) => chip(words(`asks for ${each}`)))));
}
function plan(it) {
  return section("Blueprint, with the path taken", true,
    make("ul", { class: "chips" }, it.stages.map((each) => chip(words(`${each.name} (${each.move})`), each.taken ? "taken" : ""))),
    it.nodes.length ? make("ul", { class: "nodes" }, it.nodes.map((each) => make("li", {}, words(each.signal), make("span", { class: "to" }, " → "), words(each.action)))) : null);
}
function evidence(it) {
  const player = it.clock.some(audible) ? make("audio", { id: "player", controls: true, preload: "none" }) : null;
  return section(`Evidence on the media clock (${it.clock.length})`, true, player, make("ol", { class: "clock" }, it.clock.map((each) =>
    make("li", { "data-turns": each.turns.join(" "), onclick: () => each.turns.length && choose(each.turns[0]) },
      audible(each) ? make("button", { type: "button", class: "play", "aria-label": `Play from ${place(each)}`, onclick: (event) => { event.stopPropagation(); play(each); } }, "▶") : null,
      make("span", { class: "at" }, place(each)), each.track ? make("span", { class: "at" }, each.track) : null, words(each.quote || each.source)))));
}
const audible = (each) => each.start !== null && state.media.includes(each.source);
const LEAD = 1; // seconds heard before and after the evidence
function play(each) {
  const player = $("player"), from = Math.max(0, each.start - LEAD), until = (each.end ?? each.start) + LEAD;
  const address = `/media/${encodeURIComponent(each.source)}#t=${from},${until}`;
  if (player.getAttribute("src") === address) player.currentTime = from;
  player.setAttribute("src", address);
  player.play().catch((error) => tell(`cannot be played: ${error.message}`));
}
function people(it) {
  return section("Personas", false, it.personas.map((each) => [make("h2", {}, each.role), make("dl", { class: "facts" }, each.fields.flatMap((trait) =>
    [make("dt", {}, words(trait.name)), make("dd", {}, trait.value === null ? make("span", { class: "none" }, "not shown") : words(trait.value))]))]));
}
function bill(it) {
  const total = (name) => it.calls.reduce((sum, each) => sum + (each[name] || 0), 0);
  const body = it.calls.map((each) => make("tr", {}, make("td", {}, words(each.stage)), make("td", { class: "n" }, each.turn === null ? "–" : String(each.turn + 1)),
    make("td", { class: "n" }, `${each.tokens_in} / ${each.tokens_out}`), make("td", { class: "n" }, each.seconds.toFixed(1)), make("td", {}, words(each.error || each.reply, 200))));
  return section(`Model calls (${it.calls.length}), ${total("tokens_in") + total("tokens_out")} tokens, ${total("seconds").toFixed(1)} s`, false,
    it.calls.length ? make("table", {}, make("thead", {}, make("tr", {}, ["stage", "turn", "tokens in / out", "seconds", "reply"].map((each) => make("th", { scope: "col" }, each)))), make("tbody", {}, body)) : make("p", { class: "none" }, "No model was called for this dialogue."));
}
function history(it) {
  return section(`Reviews (${it.reviews.length})`, it.reviews.length > 0, make("ul", {}, it.reviews.map((each) => make("li", {},
    make("span", { class: `mark ${each.decision}` }, each.decision), " by ", words(each.rater), each.turn === undefined ? "" : `, turn ${each.turn + 1}`, each.reason ? ": " : "", words(each.reason, 400)))));
}

// --- deciding ---------------------------------------------------------------------------------------------
function deciding() {
  const enter = (event) => { if (event.key === "Enter") { event.preventDefault(); decide("reject"); } };
  return make("div", { class: "decide" },
    make("button", { type: "button", id: "accept", onclick: () => decide("accept") }, "Accept ", make("kbd", {}, "a")),
    make("input", { id: "reason", placeholder: "Reason", "aria-label": "Reason", maxlength: 2000, onkeydown: enter }),
    make("button", { type: "button", id: "reject", onclick: () => decide("reject") }, "Reject ", make("kbd", {}, "r")),
    make("button", { type: "button", id: "edit", onclick: edit }, "Edit turn ", make("kbd", {}, "e")));
}
async function decide(decision, more = {}) {
  const rater = $("rater").value.trim();
  if (!rater) { $("rater").focus(); tell("Say who you are first."); return; }
  const reason = $("reason").value.trim();
  if (decision !== "accept" && !reason) { $("reason").focus(); tell("Give a reason."); return; }
  try {
    const it = state.shown, id = it.id, turn = state.turn;
    const { reviews } = await ask("/api/review", { dialogue: id, decision, rater, reason, ...more });
    const elsewhere = reviews.length - it.reviews.length - 1;
    it.reviews = reviews;
    const there = state.rows.find((each) => each.id === id);
    if (there) there.decision = decision;
    $("rows").replaceChildren(...state.rows.map(row));
    mark(); draw(); choose(turn, false);
    document.activeElement?.blur?.();
    tell({ accept: "Accepted.", reject: "Rejected.", edit: "Edit kept." }[decision] + (elsewhere > 0 ? ` Others decided on it meanwhile (${elsewhere}): see Reviews; the last holds.` : ""));
  } catch (error) { tell(error.message); }
}
function edit() {
  const held = $("turns").children[state.turn];
  if (held.querySelector("textarea")) return;
  const field = make("textarea", { "aria-label": "New words", maxlength: 20000 });
  field.value = state.shown.turns[state.turn].text;
  held.append(field, make("button", { type: "button", onclick: (event) => { event.stopPropagation(); decide("edit", { turn: state.turn, text: field.value }); } }, "Keep the edit"));
  field.focus();
}
const KEYS = {
  j: () => step(1), k: () => step(-1), "]": () => $("more").disabled || list(state.start + state.page), "[": () => $("back").disabled || list(Math.max(0, state.start - state.page)),
  "/": () => $("text").focus(), "?": () => $("keys").showModal(),
  Enter: () => state.rows[state.at] && open(state.rows[state.at].id),
  ArrowDown: () => choose(state.turn + 1), ArrowUp: () => choose(state.turn - 1),
  a: () => state.shown && decide("accept"), r: () => state.shown && ($("reason").value.trim() ? decide("reject") : $("reason").focus()), e: () => state.shown && edit(),
};
document.addEventListener("keydown", (event) => {
  const field = ["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName);
  if (event.key === "Escape" && field) { event.target.blur(); return; }
  const act = KEYS[event.key];
  if (!act || field || event.ctrlKey || event.metaKey || event.altKey || $("keys").open || (event.key === "Enter" && event.target.tagName === "BUTTON")) return;
  event.preventDefault();
  Promise.resolve(act()).catch((error) => tell(error.message));
});

async function begin() {
  const run = await ask("/api/run");
  state.media = run.media;
  $("run").textContent = `${run.name}: ${run.dialogues.toLocaleString()} dialogues`;
  document.title = `${run.name} · millstream`;
  const choices = { ...run.choices, decision: ["none", "accept", "reject", "edit"] };
  $("selects").replaceChildren(...FILTERS.map((name) => make("select", { id: name, "aria-label": name, onchange: () => list() },
    make("option", { value: "" }, `any ${name}`), choices[name].map((each) => make("option", { value: each }, each.replace("_", " "))))));
  $("rater").value = localStorage.getItem("rater") || "";
  $("rater").addEventListener("change", () => localStorage.setItem("rater", $("rater").value.trim()));
  let waiting;
  $("text").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => list().catch((error) => tell(error.message)), 200); });
  $("filters").addEventListener("submit", (event) => { event.preventDefault(); list(); });
  $("more").addEventListener("click", () => list(state.start + state.page));
  $("back").addEventListener("click", () => list(Math.max(0, state.start - state.page)));
  $("help").addEventListener("click", () => $("keys").showModal());
  $("closekeys").addEventListener("click", () => $("keys").close());
  await list();
}
begin().catch((error) => tell(error.message));
