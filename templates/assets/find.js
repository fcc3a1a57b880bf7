// Finds events on the front page without a server: what is sought stands in the address, so that it can be kept and
// sent on. Without this script the lists by type, country, status, month and party do the same job, and the style sheet
// shows no form. How a row of the data is read is said in tracker/render/find.py.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const form = byId("find"), found = byId("found"), more = byId("find-more");
  const rest = byId("all-events"), status = byId("find-status");
  const STEP = 100;
  const NAMES = ["q", "actor", "type", "country", "status", "from", "to"].filter((name) => form.elements[name]);
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December"];
  let data = null, hits = [], shown = 0;

  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
  const iso = (day) => new Date(day * 864e5).toISOString().slice(0, 10);

  window.trackerTimeline = (value) => {
    data = value;
    data.events = value.events.map((cells) => {
      const row = Object.fromEntries(value.row.map((name, at) => [name, cells[at]]));
      row.from = iso(cells[3]);
      row.to = iso(cells[3] + (row.days || 0));
      row.path = `events/${row.stem.startsWith("-") ? row.from : ""}${row.stem}.html`;
      row.title = row.title.replace(/[\uE000-\uE007]/g, (token) => value.parties[row.actors[token.charCodeAt(0) - 0xE000]][0]);
      row.names = (row.actors || []).map((at) => folded(value.parties[at][0]));
      row.text = folded([row.title, ...row.names, ...(row.figures || [])].join(" \n "));
      return row;
    });
    byId("find-actors").replaceChildren(...value.parties.map(([name]) => new Option("", name)));
    show();
  };

  function load() {
    if (byId("find-data")) return;
    const script = Object.assign(document.createElement("script"), { id: "find-data", src: form.dataset.source });
    script.onerror = () => { status.textContent = "The list of events could not be loaded; the lists on this page still work."; };
    document.head.append(script);
  }

  const asked = () => Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value.trim()]));

  // Each word must stand in the title, a party's name or a figure; the others narrow it further.
  function seek(query) {
    const words = folded(query.q).split(" ").filter(Boolean);
    const actor = folded(query.actor);
    const isParty = data.parties.some(([name]) => folded(name) === actor);
    const place = (list, key) => list.findIndex((item) => (Array.isArray(item) ? item[0] : item) === key);
    const type = place(data.types, query.type), country = place(data.countries, query.country);
    const standing = place(data.statuses, query.status);
    return data.events.filter((row) => (!query.type || (row.type || 0) === type)
      && (!query.country || (row.countries || []).includes(country))
      && (!query.status || (row.statuses || []).includes(standing))
      && (!query.from || row.to >= query.from)
      && (!query.to || row.from <= query.to)
      && (!actor || row.names.some((name) => (isParty ? name === actor : name.includes(actor))))
      && words.every((word) => row.text.includes(word)));
  }

  function element(tag, className, ...children) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  function link(path, text, className) {
    const made = element("a", className, element("bdi", "", text));
    made.href = path;
    return made;
  }

  const counted = (count, one, several) => `${count.toLocaleString("en")} ${count === 1 ? one : several}`;

  function when(row) {
    const [year, month, day] = row.from.split("-").map(Number);
    const made = element("p", "row-when", row.when || `${day} ${MONTHS[month - 1]} ${year}`);
    if (row.basis) made.append(element("span", "basis", "date of publication"));
    return made;
  }

  function marks(row) {
    return (row.marks || []).map((mark) => {
      const [kind, count] = Array.isArray(mark) ? mark : [mark, 0];
      const [name, one, several] = data.marks[kind];
      return element("li", `badge badge-${name}`, count ? counted(count, one, several) : one);
    });
  }

  function foot(row) {
    const made = element("p", "row-foot");
    (row.actors || []).slice(0, 6).forEach((at, index) => {
      const [name, stem] = data.parties[at];
      made.append(index ? ", " : "", stem ? link(`entities/${stem}.html`, name) : element("bdi", "", name));
    });
    made.append((row.actors || []).length ? " · " : "", counted(row.documents || 0, "document", "documents"));
    return made;
  }

  function item(row) {
    const [type, words] = data.types[row.type || 0];
    const badge = element("span", `type type-${type.replaceAll("_", "-")}`, words);
    const head = element("div", "row-head", element("p", "row-type", badge));
    if ((row.marks || []).length) head.append(element("ul", "badges", ...marks(row)));
    const body = element("div", "row-body", head);
    body.append(element("h3", "row-title", link(row.path, row.title)));
    if ((row.figures || []).length) {
      body.append(element("ul", "figures", ...row.figures.map((text) => element("li", "", element("bdi", "", text)))));
    }
    body.append(foot(row));
    return element("li", "row", when(row), body);
  }

  function showMore() {
    found.append(...hits.slice(shown, shown + STEP).map(item));
    shown = Math.min(shown + STEP, hits.length);
    more.hidden = shown >= hits.length;
    more.textContent = `Show ${counted(Math.min(STEP, hits.length - shown), "more event", "more events")}`;
  }

  function show() {
    const query = asked();
    const on = NAMES.some((name) => query[name]);
    rest.hidden = on;
    found.hidden = !on;
    more.hidden = true;
    found.replaceChildren();
    if (!on) { status.textContent = ""; return; }
    if (!data) { status.textContent = "Loading the list of events …"; load(); return; }
    if (query.from && query.to && query.from > query.to) {
      status.textContent = "No events: the first day lies after the last.";
      return;
    }
    hits = seek(query);
    shown = 0;
    showMore();
    const rests = hits.length > shown ? `, the newest ${shown} first` : "";
    status.textContent = `${counted(hits.length, "event", "events")} of ${data.events.length.toLocaleString("en")}${rests}`;
  }

  function remember() {
    const query = asked();
    const text = new URLSearchParams(NAMES.filter((name) => query[name]).map((name) => [name, query[name]])).toString();
    history.replaceState(null, "", text ? `?${text}` : location.pathname);
    show();
  }

  function restore() {
    const given = new URLSearchParams(location.search);
    for (const name of NAMES) {
      const field = form.elements[name], wanted = given.get(name) || "";
      // A type or country that no event has finds nothing; left out, it would seem to find everything.
      if (field.options && ![...field.options].some((option) => option.value === wanted)) field.add(new Option(wanted));
      field.value = wanted;
      if (wanted && name !== "q") byId("find-more-fields").open = true;
    }
    show();
  }

  form.addEventListener("focusin", load, { once: true });
  form.addEventListener("input", remember);
  form.addEventListener("submit", (event) => { event.preventDefault(); remember(); });
  form.addEventListener("reset", () => setTimeout(remember));
  more.addEventListener("click", showMore);
  window.addEventListener("popstate", restore);
  restore();
})();
