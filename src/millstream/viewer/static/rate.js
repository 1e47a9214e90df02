"use strict";
// Blind review: one item at a time. Every text is set as text; nothing is loaded but from this server.
const $ = (id) => document.getElementById(id);
const WORDS = { en: { pair: "Which dialogue is better?", sheet: "How good is this dialogue?", first: "First", second: "Second", one: "Dialogue",
    choose: { first: "The first", tie: "Neither", second: "The second" }, keys: "Keys 1 to 5 score the marked line; Backspace goes back; Enter sends.", send: "Send", missing: "No score yet: " },
  zh: { pair: "哪一段对话更好？", sheet: "这段对话怎么样？", first: "第一段", second: "第二段", one: "对话",
    choose: { first: "第一段更好", tie: "分不出", second: "第二段更好" }, keys: "按 1 到 5 给标出的一行打分（1 最差，5 最好）；退格键返回；回车提交。", send: "提交", missing: "还没有打分：" } };
const words = () => WORDS[item.lang];
let item = null, scores = {}, dimensions = {}, at = 0, sending = false;
function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...inside.flat().filter((each) => each !== null && each !== undefined));
  return element;
}
async function ask(path, body) {
  const options = body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
  const reply = await fetch(path, options);
  const value = await reply.json();
  if (!reply.ok) throw new Error(value.error || reply.statusText);
  return value;
}
const tell = (text) => { $("toast").textContent = text; };
const rater = () => $("rater").value.trim();

async function next() {
  const found = await ask(`/api/next?${new URLSearchParams({ rater: rater() })}`);
  item = found.item;
  dimensions = found.dimensions;
  scores = {};
  at = 0;
  $("progress").textContent = `${found.done} of ${found.of} done`;
  tell("");
  if (item) draw(); else await finish();
}
function side(lines, title) {
  return make("section", { class: "side", "aria-label": title }, make("h2", {}, title), make("ol", { class: "turns" }, lines.map(([role, text]) =>
    make("li", { class: `turn ${role}` }, make("span", { class: "by" }, role), make("p", { class: "said" }, make("bdi", { dir: "auto" }, text))))));
}
function draw() {
  const pair = item.kind === "pair";
  const shown = pair ? make("div", { class: "sides" }, side(item.sides[0], words().first), side(item.sides[1], words().second)) : side(item.sides[0], words().one);
  $("page").replaceChildren(make("h1", { lang: item.lang }, pair ? words().pair : words().sheet), pair ? choices() : rubric(), shown);
  window.scrollTo(0, 0);
}
function choices() {
  const one = (value, key) => make("button", { type: "button", "data-choice": value, onclick: () => answer({ choice: value }) }, words().choose[value], " ", make("kbd", {}, key));
  return make("div", { class: "choice" }, one("first", "1"), one("tie", "0"), one("second", "2"));
}
function rubric() {
  const names = Object.keys(dimensions);
  return make("div", { class: "rubric", role: "group", "aria-label": "Scores, 1 is worst and 5 best" }, names.flatMap((name, n) => [
    make("span", {}, make("strong", {}, n === at ? `▸ ${name}` : name), " ", make("span", { class: "soft" }, dimensions[name])),
    ...[1, 2, 3, 4, 5].map((score) => make("button", { type: "button", "aria-pressed": String(scores[name] === score), "aria-label": `${name} ${score}`, onclick: () => { at = n; give(score); } }, String(score)))]),
    make("span", { class: "soft" }, words().keys),
    make("button", { type: "button", id: "send", onclick: send }, words().send));
}
function give(score) {
  const names = Object.keys(dimensions);
  scores[names[at]] = score;
  at = Math.min(at + 1, names.length - 1);
  $("page").querySelector(".rubric").replaceWith(rubric());
}
function send() {
  const missing = Object.keys(dimensions).filter((name) => !(name in scores));
  if (missing.length) { tell(words().missing + missing.join(", ")); return; }
  answer({ scores });
}
async function answer(given) {
  if (sending) return;
  sending = true;
  try {
    await ask("/api/answer", { rater: rater(), item: item.id, ...given });
    await next();
  } catch (error) { tell(error.message); } finally { sending = false; }
}
async function finish() {
  const found = await ask("/api/agreement");
  $("page").replaceChildren(make("h1", {}, "All done, thank you."), make("p", {}, `${found.raters} rater${found.raters === 1 ? "" : "s"} so far. Agreement (Krippendorff's alpha: 1 is full, 0 is chance):`),
    make("table", {}, make("tbody", {}, Object.entries(found.alpha).map(([name, each]) => make("tr", {}, make("th", { scope: "row" }, name),
      make("td", { class: "n" }, each.value === null ? each.why : each.value.toFixed(2)), make("td", {}, `${each.items} items by two or more`))))));
}
document.addEventListener("keydown", (event) => {
  if (event.target === $("rater")) { if (event.key === "Enter" && rater()) { event.target.blur(); localStorage.setItem("rater", rater()); next().catch((error) => tell(error.message)); } return; }
  if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
  const pair = item.kind === "pair";
  if (pair && "012".includes(event.key)) answer({ choice: { 0: "tie", 1: "first", 2: "second" }[event.key] });
  else if (!pair && "12345".includes(event.key)) give(Number(event.key));
  else if (!pair && event.key === "Backspace") { at = Math.max(0, at - 1); $("page").querySelector(".rubric").replaceWith(rubric()); }
  else if (!pair && event.key === "Enter" && event.target.tagName !== "BUTTON") send();
});
$("rater").value = localStorage.getItem("rater") || "";
$("rater").focus();
