// Finds events on the front page without a server: the state is in the address, so a search can be kept and sent on.
// Without this script the lists by type, month and entity do the same job; the form is shown only where it works.
"use strict";
(() => {
  const form = document.getElementById("find");
  const found = document.getElementById("found");
  const rest = document.getElementById("all-events");
  const status = document.getElementById("find-status");
  const MOST = 200;
  const NAMES = ["q", "actor", "type", "from", "to"];
  let data = null;

  window.trackerTimeline = (value) => {
    data = value;
    const folded = (text) => text.toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
    for (const event of data.events) {
      event.names = event.actors.map((key) => data.entities[key][0]);
      event.text = folded([event.title, ...event.names, ...event.figures, event.quote].join(" \n "));
    }
    data.folded = folded;
    const list = document.getElementById("find-actors");
    for (const [name] of Object.values(data.entities).sort((a, b) => a[0].localeCompare(b[0]))) {
      list.append(Object.assign(document.createElement("option"), { value: name }));
    }
    show();
  };

  function load() {
    if (document.getElementById("find-data")) return;
    const script = Object.assign(document.createElement("script"), { id: "find-data", src: form.dataset.source });
    script.onerror = () => { status.textContent = "The list of events could not be loaded."; };
    document.head.append(script);
  }

  const asked = () => Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value.trim()]));
  const isAsked = (query) => NAMES.some((name) => query[name]);

  function fits(event, query, words) {
    return (!query.type || event.type === query.type)
      && (!query.from || event.to >= query.from)
      && (!query.to || event.from <= query.to)
      && (!query.actor || event.names.some((name) => data.folded(name) === data.folded(query.actor)))
      && words.every((word) => event.text.includes(word));
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function row(event) {
    const item = element("li", "row");
    item.append(element("p", "row-when", event.when));
    const body = element("div", "row-body");
    const kind = element("p", "row-type");
    kind.append(element("span", "type type-" + event.type.replaceAll("_", "-"), data.types[event.type]));
    const head = element("h3", "row-title");
    const link = element("a", "", "");
    link.href = event.path;
    link.append(element("bdi", "", event.title));
    head.append(link);
    body.append(kind, head);
    if (event.figures.length) {
      const list = element("ul", "figures");
      for (const words of event.figures) list.append(element("li", "", words));
      body.append(list);
    }
    body.append(element("p", "row-foot", event.foot));
    item.append(body);
    return item;
  }

  function show() {
    const query = asked();
    const on = isAsked(query);
    rest.hidden = on;
    found.hidden = !on;
    if (!on) { status.textContent = ""; found.replaceChildren(); return; }
    if (!data) { status.textContent = "Loading the list of events …"; load(); return; }
    const words = data.folded(query.q).split(/\s+/).filter(Boolean);
    const hits = data.events.filter((event) => fits(event, query, words));
    found.replaceChildren(...hits.slice(0, MOST).map(row));
    const more = hits.length > MOST ? `, the newest ${MOST} are shown` : "";
    status.textContent = hits.length === 1 ? "1 event" : `${hits.length} events${more}`;
  }

  function remember() {
    const query = asked();
    const kept = new URLSearchParams(NAMES.filter((name) => query[name]).map((name) => [name, query[name]]));
    const text = kept.toString();
    history.replaceState(null, "", text ? `?${text}` : location.pathname);
    show();
  }

  const given = new URLSearchParams(location.search);
  for (const name of NAMES) form.elements[name].value = given.get(name) || "";
  form.hidden = false;
  form.addEventListener("focusin", load, { once: true });
  form.addEventListener("input", remember);
  form.addEventListener("submit", (event) => { event.preventDefault(); remember(); });
  form.addEventListener("reset", () => setTimeout(remember));
  show();
})();
