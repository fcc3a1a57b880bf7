// Searches the site's own index (Pagefind, made when the site was built): nothing that is typed leaves the browser.
// The state is in the address. Without this script the page says where else to look.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const form = byId("search");
  const status = byId("search-status");
  const found = byId("search-found");
  const more = byId("search-more");
  const NAMES = ["q", "kind", "type"];
  const STEP = 20;
  const WAIT_MS = 150;
  if (location.protocol === "file:") return;

  let loading = null;
  let asking = 0;
  let hits = [];
  let shown = 0;

  async function load() {
    const index = await import(new URL(form.dataset.bundle, location.href).href);
    await index.options({ baseUrl: new URL(form.dataset.root || "./", location.href).pathname, excerptLength: 36 });
    await index.init();
    for (const part of form.dataset.parts.split(" ").filter(Boolean)) {
      await index.mergeIndex(new URL(part, location.href).pathname, { baseUrl: new URL(form.dataset.root || "./", location.href).pathname });
    }
    return index;
  }

  // Each Chinese character is a word of the index; a search for nothing but characters means them in this order.
  function words(text) {
    const split = text.replace(/\p{Script=Han}/gu, " $& ").replace(/\s+/g, " ").trim();
    return /^\p{Script=Han}+$/u.test(text) ? `"${split}"` : split;
  }

  const asked = () => Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value.trim()]));
  const isAsked = (query) => NAMES.some((name) => query[name]);

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // The index escapes its excerpts and marks the words in them: both are taken apart here, nothing is set as markup.
  function excerpt(text) {
    const made = element("p", "row-foot");
    const joined = text.replace(/([\p{Script=Han}\u3000-\u303f\uff00-\uffef“”](?:<\/?mark>)*) (?=(?:<\/?mark>)*[\p{Script=Han}\u3000-\u303f\uff00-\uffef“”])/gu, "$1");
    let marked = false;
    for (const piece of joined.split(/(<\/?mark>)/)) {
      if (piece === "<mark>" || piece === "</mark>") { marked = piece === "<mark>"; continue; }
      const plain = piece.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
      made.append(marked ? element("mark", "", plain) : plain);
    }
    return made;
  }

  function row(data) {
    const item = element("li", "row");
    item.append(element("p", "row-when", data.meta.when || ""));
    const body = element("div", "row-body");
    body.append(element("p", "row-type", [data.meta.kind, data.meta.type].filter(Boolean).join(" · ")));
    const head = element("h2", "row-title");
    const link = element("a");
    link.href = data.url;
    link.append(element("bdi", "", data.meta.title));
    head.append(link);
    body.append(head, excerpt(data.excerpt));
    item.append(body);
    return item;
  }

  async function showMore(turn) {
    const next = await Promise.all(hits.slice(shown, shown + STEP).map((hit) => hit.data()));
    if (turn !== asking) return;
    shown += next.length;
    found.append(...next.map(row));
    found.hidden = false;
    more.hidden = shown >= hits.length;
  }

  async function search() {
    const turn = ++asking;
    const query = asked();
    if (!isAsked(query)) {
      hits = [];
      found.replaceChildren();
      found.hidden = more.hidden = true;
      status.textContent = "";
      return;
    }
    try {
      status.textContent = "Searching …";
      loading = loading || load();
      const index = await loading;
      const filters = Object.fromEntries(["kind", "type"].filter((name) => query[name]).map((name) => [name, query[name]]));
      const answer = await index.search(query.q ? words(query.q) : null, { filters });
      if (turn !== asking) return;
      hits = answer.results;
      shown = 0;
      found.replaceChildren();
      status.textContent = hits.length === 0 ? "No page was found" : hits.length === 1 ? "1 page" : `${hits.length} pages`;
      await showMore(turn);
    } catch (error) {
      loading = null;
      status.textContent = "The index could not be loaded.";
      byId("search-without").hidden = false;
      console.error(error);
    }
  }

  let timer = 0;
  function remember() {
    const query = asked();
    const text = new URLSearchParams(NAMES.filter((name) => query[name]).map((name) => [name, query[name]])).toString();
    history.replaceState(null, "", text ? `?${text}` : location.pathname);
    clearTimeout(timer);
    timer = setTimeout(search, WAIT_MS);
  }

  const given = new URLSearchParams(location.search);
  for (const name of NAMES) form.elements[name].value = given.get(name) || "";
  form.hidden = byId("search-hint").hidden = false;
  byId("search-without").hidden = true;
  form.addEventListener("input", remember);
  form.addEventListener("submit", (event) => { event.preventDefault(); remember(); });
  form.addEventListener("reset", () => setTimeout(remember));
  more.querySelector("button").addEventListener("click", () => showMore(asking));
  search();
})();
