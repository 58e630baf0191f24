"use strict";
(() => {
  const body = document.body;
  const crew = "crew" in body.dataset;
  const me = body.dataset.me;
  const speed = Number(body.dataset.speed) || 1;
  const kept = `crew/${body.dataset.link}/`;
  const $ = (id) => document.getElementById(id);
  const board = { rev: 0, head: null, bridge: null, order: [], steps: {} };
  let ahead = 0; // console's clock minus this phone's, in seconds, at `tuned`
  let tuned = Date.now() / 1000;
  let view = crew ? "own" : "all";
  let over = false;

  // --- kept on the phone -------------------------------------------------------------------
  const read = (name, otherwise) => {
    try {
      return JSON.parse(localStorage.getItem(kept + name)) ?? otherwise;
    } catch {
      return otherwise;
    }
  };
  let keeps = true;
  const keep = (name, value) => {
    try {
      localStorage.setItem(kept + name, JSON.stringify(value));
    } catch {
      if (!keeps) return;
      keeps = false;
      say("This phone keeps nothing (private mode, or full). Taps are lost when the page closes.");
    }
  };
  let queue = read("taps", []);
  let refused = read("refused", []);
  /* The same link may be open twice: what the other page kept is not written over. */
  const requeue = (change) => {
    queue = change(keeps ? read("taps", []) : queue);
    keep("taps", queue);
  };
  addEventListener("storage", (event) => {
    if (event.key !== `${kept}taps`) return;
    queue = read("taps", []);
    if (crew) showOwn();
  });
  /* Boards of other links are forgotten once nobody looked at them for two weeks. */
  const forget = () => {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith("crew/") || !key.endsWith("/board")) continue;
      const link = key.slice(0, -"board".length);
      const at = (JSON.parse(localStorage.getItem(key)) || {}).at || 0;
      if (Date.now() - at < 14 * 86_400_000) continue;
      for (const name of ["board", "calls", "refused", "taps"]) localStorage.removeItem(link + name);
    }
  };
  try {
    forget();
  } catch {
    keeps = false;
  }

  // --- time --------------------------------------------------------------------------------
  const now = () => {
    const wall = Date.now() / 1000;
    return wall + ahead + (wall - tuned) * (speed - 1);
  };
  const format = (options) => {
    const made = {};
    return (seconds) => {
      const zone = board.head ? board.head.zone : undefined;
      made[zone] ??= new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
      return made[zone].format(new Date(seconds * 1000));
    };
  };
  const clock = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = format({ weekday: "short", day: "numeric", month: "short" });
  const zoned = (seconds) => {
    const zone = board.head.zone;
    const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" });
    const name = parts.formatToParts(new Date(seconds * 1000)).find((p) => p.type === "timeZoneName");
    return `${clock(seconds)} ${name ? name.value : zone}`;
  };
  const near = (seconds) => {
    const today = day(seconds) === day(now()) || Math.abs(seconds - now()) < 43200;
    return today ? clock(seconds) : `${day(seconds)} ${clock(seconds)}`;
  };
  const span = (seconds) => {
    const minutes = Math.floor(Math.abs(seconds) / 60);
    if (minutes < 60) return `${minutes} min`;
    if (minutes < 2880) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
    return `${Math.floor(minutes / 1440)} days`;
  };

  // --- small parts -------------------------------------------------------------------------
  const make = (tag, className = "", text = "") => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };
  const put = (element, text = "") => {
    if (element.textContent !== text) element.textContent = text;
    element.hidden = !text;
  };
  let saying = 0;
  $("said").addEventListener("click", () => { $("said").textContent = ""; });
  const say = (text) => {
    clearTimeout(saying);
    $("said").textContent = text;
    saying = setTimeout(() => { $("said").textContent = ""; }, 6000);
  };

  // --- the head ----------------------------------------------------------------------------
  const showHead = () => {
    const head = board.head;
    if (!head) return;
    put($("code"), head.code);
    put($("title"), head.title);
    document.title = `${head.code} ${head.title}`;
    tick();
  };
  const tick = () => {
    const head = board.head;
    if (!head) return;
    const since = Math.floor(now() - head.start);
    const minutes = since < 0 ? Math.ceil(-since / 60) : Math.floor(since / 60);
    const two = (n) => String(n).padStart(2, "0");
    put($("clock"), `T${since < 0 ? "−" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`);
    put($("wall"), zoned(now()));
    const parts = [head.said[0].toUpperCase() + head.said.slice(1)];
    if (head.ended) parts.push(`ended ${near(head.ended)}`);
    else if (head.before) parts.push(`window ${near(head.start)}–${clock(head.end)}`);
    else parts.push(`promised end ${near(head.end)}`, `likely ${clock(head.likely)}`);
    put($("count"), `${head.done} of ${head.steps} done`);
    put($("where"), parts.join(" · "));
    const flying = head.flying && !head.turned;
    const back = $("back");
    back.className = head.no_return ? "bad" : head.slack;
    let words = "";
    if (flying && head.no_return) words = "There is no way back any more.";
    else if (flying && head.back) {
      const left = head.back - now();
      words = `Back-out moment ${clock(head.back)}, ${left < 0 ? `passed ${span(left)} ago` : `in ${span(left)}`}`;
    }
    put(back, words);
    for (const card of cards.values()) card.tick();
  };

  // --- own steps ---------------------------------------------------------------------------
  const WORDS = {
    start: "Start", done: "Done", blocked: "Blocked…", help: "Need help…", still: "Still on it", note: "Note…", photo: "Photo…",
  };
  const wordsOf = (step, act) => {
    if (step.kind === "check" && act === "done") return "Checked…";
    if (act === "back") return `Take back “${SENT[backOf(step).act]}”`;
    return step.state === "blocked" && act === "start" ? "Go on" : WORDS[act];
  };
  const LEADS = { start: "running", done: "done", blocked: "blocked" };
  const AFTER = {
    running: ["done", "blocked", "help", "still", "note", "photo"],
    blocked: ["start", "done", "help", "still", "note", "photo"],
    done: ["note", "photo"],
  };
  const SENT = { start: "started", done: "done", blocked: "blocked", help: "needs help", still: "still on it", note: "a note", back: "taken back" };
  const cards = new Map();

  /* A quiet one takes back what probably never left: it is no news to anybody here. */
  const pendingOf = (id) => queue.filter((tap) => tap.step === id && !tap.quiet);
  /* What was tapped last: not sent yet, or counted a few minutes ago with nothing since. */
  const backOf = (step) => {
    const last = pendingOf(step.id).pop();
    if (last) return last.act === "back" ? null : last;
    const { back } = step;
    return back && back.until > now() && step.taps.length ? { id: back.tap, act: back.act, counted: true } : null;
  };
  /* What it waits for was tapped here, and only could not be sent yet. */
  const heldUp = (step) => step.column === "waiting" && link === "on" && !(step.waits.length && step.waits.every(([code]) =>
    queue.some((tap) => tap.act === "done" && board.steps[tap.step] && board.steps[tap.step].code === code)));
  const tapsOf = (step) => {
    const may = mayOf(step).filter((act) => act !== "photo" || "photos" in body.dataset);
    return backOf(step) ? [...may, "back"] : may;
  };
  const mayOf = (step) => {
    if (pendingOf(step.id).some((tap) => tap.act === "back")) return step.taps.filter((act) => act === "note" || act === "photo");
    const moves = pendingOf(step.id).filter((tap) => tap.act in LEADS);
    if (!moves.length && heldUp(step)) return step.taps.filter((act) => act !== "start" && act !== "done");
    if (!moves.length) return step.taps;
    const may = AFTER[LEADS[moves[moves.length - 1].act]];
    return step.taps.length ? may : [];
  };
  const meta = (step, said = "") => {
    const parts = [...(step.words || []), ...step.facts];
    if (step.state === "running" && step.started) {
      parts.unshift(`${Math.max(0, Math.floor((now() - step.started) / 60))} of ${step.minutes} min`);
    }
    if (step.undo) parts.push(step.undo);
    if (step.act && step.state !== "done" && step.state !== "skipped") parts.push("only in the console");
    return parts.filter((part) => part !== said).join(" · ");
  };
  const chipOf = (step) => {
    if (step.state !== "todo") return step.said;
    if (step.column === "ready") return "ready";
    return step.from ? `waiting, expected ${near(step.from)}` : "waiting";
  };
  const ownCode = (code) => steps().some((step) => step.code === code && step.who === me);
  const waits = (step) => step.state === "todo" && step.waits.length
    ? `Waits for ${step.waits.map(([code, title, who]) => `${code} ${title}${who ? `, ${ownCode(code) ? "you" : who}` : ""}`).join("; ")}`
    : "";

  /* A finger that comes down twice meant one thing: while what it may hit has just changed place,
     nothing here is tapped. */
  const DEAF = 700;
  let hearing = 0;
  const settle = () => {
    body.classList.add("deaf");
    clearTimeout(hearing);
    hearing = setTimeout(() => body.classList.remove("deaf"), DEAF);
  };

  class Card {
    constructor(id) {
      this.id = id;
      this.at = make("li", "card");
      this.chip = make("p", "chip");
      this.title = make("h3");
      this.meta = make("p", "meta");
      this.waits = make("p", "waits");
      this.how = make("p", "how");
      this.note = make("p", "note");
      this.help = make("p", "help");
      this.mail = make("p", "mail");
      this.pending = make("p", "pending");
      this.acts = make("div", "acts");
      this.at.append(this.chip, this.title, this.meta, this.waits, this.how, this.note, this.help, this.mail, this.pending, this.acts);
      this.buttons = new Map();
      this.offered = "";
      this.form = null;
    }
    fill(step) {
      this.step = step;
      const ready = step.state === "todo" && step.column === "ready";
      this.at.className = `card ${ready ? "ready" : step.state}`;
      put(this.chip, chipOf(step));
      put(this.title, `${step.code} ${step.title}`);
      put(this.waits, waits(step));
      put(this.how, step.state === "done" || step.state === "skipped" ? "" : step.how);
      put(this.note, step.note ? `Note: ${step.note}` : "");
      put(this.help, step.help ? "Help is asked for; the coordinator sees it." : "");
      put(this.mail, step.mail ? `By mail: ${step.mail}. It waits for the coordinator.` : "");
      const unsent = pendingOf(step.id).map((tap) => `${SENT[tap.act]} ${clock(tap.at)}`);
      put(this.pending, unsent.length ? `Kept on this phone, not sent yet: ${unsent.join(", ")}` : "");
      this.offer(step.act || over ? [] : tapsOf(step));
      this.tick();
    }
    tick() {
      put(this.meta, meta(this.step, chipOf(this.step)));
      if (this.buttons.has("back") && !backOf(this.step)) this.offer(tapsOf(this.step));
    }
    offer(taps) {
      const first = taps.find((act) => act === "start" || act === "done");
      const before = this.offered;
      for (const [act, button] of this.buttons) {
        if (!taps.includes(act)) { button.remove(); this.buttons.delete(act); }
      }
      taps.forEach((act, place) => {
        let button = this.buttons.get(act);
        if (!button) {
          button = make("button", "", WORDS[act]);
          button.type = "button";
          button.addEventListener("click", () => this.tapped(act));
          this.buttons.set(act, button);
        }
        const early = act === "start" && this.step.column === "waiting";
        put(button, wordsOf(this.step, act));
        button.className = act === first && !early ? "first" : "";
        button.setAttribute("aria-label", `${wordsOf(this.step, act).replace("…", "")}: ${this.step.code} ${this.step.title}`);
        if (this.acts.children[place] !== button) this.acts.insertBefore(button, this.acts.children[place] || null);
      });
      this.acts.hidden = !taps.length;
      this.offered = taps.map((act) => wordsOf(this.step, act)).join();
      if (before && before !== this.offered) settle();
    }
    tapped(act) {
      const asks = act === "blocked" || act === "help" || act === "note";
      if (asks || (act === "done" && this.step.kind === "check")) this.ask(act);
      else if (act === "photo") choosePhoto(this.step);
      else if (act === "back") takeBack(this.step);
      else tap(this.step, act);
    }
    ask(act) {
      if (this.form) this.form.remove();
      say("");
      const form = make("form");
      const words = { blocked: "Why is it blocked? (you may leave it empty)", help: "What do you need? (you may leave it empty)", note: "Note", done: "What did you see? The coordinator says whether it passed." };
      const label = make("label", "", words[act]);
      const text = make("textarea");
      text.rows = 2;
      text.maxLength = 1900;
      text.required = act === "note";
      label.append(text);
      form.append(label);
      let until = null;
      if (act === "blocked") {
        const when = make("label", "", `Until when, if you know (${zoned(now()).split(" ").slice(1).join(" ")})`);
        until = make("input");
        until.type = "time";
        when.append(until);
        form.append(when);
      }
      const acts = make("div", "acts");
      const send = make("button", "first", { blocked: "It is blocked", help: "Ask for help", note: "Send the note", done: "Hand it over" }[act]);
      send.type = "submit";
      const not = make("button", "", "Not now");
      not.type = "button";
      const close = () => { form.remove(); this.form = null; this.buttons.get(act)?.focus(); };
      not.addEventListener("click", close);
      acts.append(send, not);
      form.append(acts);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const more = { note: text.value };
        if (until && until.value) more.until = onClock(until.value);
        close();
        tap(this.step, act, more);
      });
      this.form = form;
      this.at.append(form);
      text.focus({ preventScroll: true });
      form.scrollIntoView({ block: "nearest" });
    }
  }

  /* The next moment at which the window's clock shows HH:MM. */
  const onClock = (text) => {
    const start = Math.floor(now() / 60) * 60;
    for (let minute = 0; minute < 1500; minute += 1) {
      if (clock(start + minute * 60) === text) return start + minute * 60;
    }
    return undefined;
  };

  const RANK = { running: 0, blocked: 1, check: 2 };
  const rank = (step) => {
    if (step.state in RANK) return RANK[step.state];
    if (step.state === "todo") return step.column === "ready" ? 3 : 4;
    return 5;
  };
  const arrange = (list, elements) => {
    const focused = document.activeElement;
    elements.forEach((element, place) => {
      if (list.children[place] !== element) list.insertBefore(element, list.children[place] || null);
    });
    while (list.children.length > elements.length) list.lastChild.remove();
    if (focused && focused !== document.activeElement && document.contains(focused)) focused.focus();
  };
  const steps = () => board.order.map((id) => board.steps[id]).filter(Boolean);

  const showOwn = () => {
    if (!crew) return;
    const mine = steps().filter((step) => step.who === me);
    const order = new Map(mine.map((step, place) => [step.id, place]));
    mine.sort((a, b) => rank(a) - rank(b) || (rank(a) === 4 ? (a.from || 0) - (b.from || 0) : 0) || order.get(a.id) - order.get(b.id));
    const seen = new Set();
    const elements = mine.map((step) => {
      seen.add(step.id);
      let card = cards.get(step.id);
      if (!card) cards.set(step.id, card = new Card(step.id));
      card.fill(step);
      return card.at;
    });
    for (const id of [...cards.keys()]) if (!seen.has(id)) cards.delete(id);
    const stood = [...$("mine").children];
    if (stood.length && elements.some((each, place) => each !== stood[place])) settle();
    arrange($("mine"), elements);
    $("none").hidden = !board.head || mine.length > 0;
    showRefused();
  };
  const showRefused = () => {
    const items = refused.map((each) => {
      const item = make("li", "card");
      item.append(make("p", "", `Not taken${each.back ? " back" : ""}: ${each.words}. ${each.sentence}`));
      const acts = make("div", "acts");
      const seen = make("button", "", "Seen");
      seen.type = "button";
      seen.addEventListener("click", () => {
        refused = refused.filter((other) => other.id !== each.id);
        keep("refused", refused);
        showRefused();
      });
      acts.append(seen);
      item.append(acts);
      return item;
    });
    if (items.length !== $("refused").children.length) settle();
    $("refused").replaceChildren(...items);
  };

  // --- the whole board, the timeline, the call list ------------------------------------------
  const COLUMNS = [["blocked", "Blocked"], ["in_progress", "In progress"], ["verify", "Verify"], ["ready", "Ready"], ["waiting", "Waiting"], ["done", "Done"]];
  const showAll = () => {
    const made = [];
    for (const [column, words] of COLUMNS) {
      const found = steps().filter((step) => step.column === column);
      if (!found.length) continue;
      made.push(make("h2", "", `${words} (${found.length})`));
      const list = make("ul");
      for (const step of found) {
        const item = make("li", step.state);
        const own = crew && step.who === me;
        item.append(make("p", own ? "own" : "", `${step.code} ${step.title}`));
        const kind = step.facts.includes(step.kind) ? "" : step.kind;
        const parts = [step.owner || "no owner", kind, own ? "yours" : "", meta(step)];
        item.append(make("p", "quiet meta", parts.filter(Boolean).join(" · ")));
        if (step.help) item.append(make("p", "help", "needs help"));
        if (step.mail) item.append(make("p", "mail", `by mail: ${step.mail}`));
        list.append(item);
      }
      made.push(list);
    }
    if (!made.length) made.push(make("p", "quiet", "The flight has no steps yet."));
    $("all").replaceChildren(...made);
  };
  const showTimes = () => {
    const timed = steps().filter((step) => step.from);
    timed.sort((a, b) => a.from - b.from || (a.to || 0) - (b.to || 0));
    const first = timed.length ? Math.min(...timed.map((step) => step.from), board.head.start) : 0;
    const last = timed.length ? Math.max(...timed.map((step) => step.to || step.from), board.head.end) : 1;
    const share = (seconds) => `${((seconds - first) / Math.max(1, last - first)) * 100}%`;
    const items = timed.map((step) => {
      const item = make("li", step.state);
      const to = step.to ? `–${clock(step.to)}` : "";
      item.append(make("time", "", `${near(step.from)}${to}`));
      const what = make("div");
      what.append(make("p", "", `${step.code} ${step.title}`));
      const state = step.state === "todo" ? (step.late ? "late" : "expected") : step.said;
      what.append(make("p", "quiet", [step.owner, state].filter(Boolean).join(" · ")));
      const bar = make("div", "bar");
      const filled = make("span");
      filled.style.left = share(step.from);
      filled.style.right = `calc(100% - ${share(step.to || step.from)})`;
      bar.append(filled);
      what.append(bar);
      item.append(what);
      return item;
    });
    $("times").replaceChildren(...items);
  };
  const phoneLink = (number) => {
    const link = make("a", "", number);
    link.href = `tel:${number.replace(/[^\d+,;#*]/g, "")}`;
    return link;
  };
  /* Words in which numbers to call can be tapped. */
  const spoken = (tag, className, text) => {
    const made = make(tag, className);
    for (const part of text.split(/(\+?\d[\d ()-]{5,}\d)/)) made.append(/^\+?\d[\d ()-]{6,}$/.test(part) ? phoneLink(part) : part);
    return made;
  };
  const showBridge = () => {
    const bridge = board.bridge;
    const place = $("bridge");
    place.replaceChildren();
    if (!bridge) { place.textContent = "No bridge is noted yet."; return; }
    place.append(spoken("span", "", `${bridge.open ? "Open: " : ""}${bridge.line} `));
    if (/^https:\/\//i.test(bridge.link)) {
      const link = make("a", "", "Join the bridge");
      link.href = bridge.link;
      link.rel = "noreferrer noopener";
      link.target = "_blank";
      place.append(link);
    }
  };
  const showCalls = (calls) => {
    $("calls").replaceChildren(...calls.map((each) => {
      const item = make("li");
      item.append(make("p", "", each.name));
      if (each.role) item.append((each.phone ? make : spoken)("p", "quiet", each.role));
      if (each.phone) item.append(phoneLink(each.phone));
      return item;
    }));
  };
  const fetchCalls = async () => {
    showBridge();
    showCalls(read("calls", []));
    try {
      const answer = await fetch("calls", { cache: "no-store" });
      if (!answer.ok) return;
      const calls = await answer.json();
      keep("calls", calls);
      showCalls(calls);
    } catch {
      return; // what was kept is shown
    }
  };
  const show = () => {
    showHead();
    if (!board.head) return;
    if (view === "own") showOwn();
    else if (view === "all") showAll();
    else if (view === "timeline") showTimes();
    else showBridge();
  };
  const turn = (to) => {
    view = to;
    for (const button of document.querySelectorAll("nav button")) {
      if (button.dataset.view === view) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
    for (const section of document.querySelectorAll("main > section")) section.hidden = section.id !== view;
    if (view === "call") fetchCalls();
    show();
  };
  for (const button of document.querySelectorAll("nav button")) {
    button.addEventListener("click", () => turn(button.dataset.view));
  }

  // --- news --------------------------------------------------------------------------------
  const SILENCE = 50_000;
  let heard = 0;
  const tune = (seconds) => {
    heard = Date.now();
    tuned = heard / 1000;
    ahead = seconds - tuned;
  };
  const learn = (news) => {
    tune(news.now);
    if (news.whole) board.steps = {};
    board.rev = news.rev;
    for (const name of ["head", "bridge", "order"]) if (name in news) board[name] = news[name];
    for (const [id, step] of Object.entries(news.steps)) {
      board.steps[id] = { waits: [], taps: [], facts: [], ...step };
    }
    keep("board", { ...board, ahead, at: Date.now() });
    show();
  };
  let link = "";
  const linked = (how) => {
    link = how;
    const place = $("link");
    place.className = how === "on" ? "quiet" : "off";
    const count = (n, what) => n ? [`${n} ${what}${n > 1 ? "s" : ""}`] : [];
    const all = [...count(queue.filter((tap) => !tap.quiet).length, "tap"), ...count(photos.length, "photo")];
    const kept = all.length ? `${all.join(" and ")} kept on this phone` : "";
    const words = {
      on: kept ? `Connected; sending, ${kept}.` : "Connected: it changes by itself.",
      off: kept ? `No connection. ${kept}, sent when it is back.`
        : crew ? "No connection. You can tap; it is kept and sent when it is back."
        : "No connection. This is how it stood before; it goes on by itself.",
      gone: `This link opens nothing any more.${all.length ? ` Not sent: ${all.join(" and ")}.` : ""} Ask the coordinator for another.`,
    };
    place.textContent = words[how];
    if (view === "own") showOwn();
  };
  let photos = []; // chosen and not yet answered
  let source = null;
  let knock = 0;
  const listen = () => {
    if (over) return;
    clearTimeout(knock);
    if (source) source.close();
    source = new EventSource(`events?rev=${board.rev}`);
    source.onopen = () => { heard = Date.now(); linked("on"); send(); sendPhotos(); };
    source.onmessage = (event) => learn(JSON.parse(event.data));
    source.addEventListener("beat", (event) => tune(Number(event.data)));
    source.onerror = lost;
  };
  const lost = () => {
    if (over) return;
    source.close();
    linked("off");
    clearTimeout(knock);
    knock = setTimeout(again, 2000 + Math.random() * 2000);
  };
  /* A stream says nothing of why it ended; the board does. */
  const again = async () => {
    clearTimeout(knock);
    if (over) return;
    try {
      const answer = await fetch(`board?rev=${board.rev}`, { cache: "no-store" });
      if (answer.status === 404) { gone(); return; }
      if (answer.ok) learn(await answer.json());
      listen();
    } catch {
      knock = setTimeout(again, 3000 + Math.random() * 2000);
    }
  };
  const gone = () => {
    over = true;
    if (source) source.close();
    linked("gone");
  };

  // --- taps --------------------------------------------------------------------------------
  const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const tap = (step, act, more = {}) => {
    const made = { id: newId(), step: step.id, act, seen: step.v, at: now(), words: `${step.code} ${SENT[act]}`, ...more };
    requeue((all) => [...all, made]);
    linked(link);
    send();
  };
  /* What is not sent yet is dropped. If a try to send it was cut short it may have come all the
     same, so the console is asked, too; while a try is under way it goes behind it. */
  const takeBack = (step) => {
    const it = backOf(step);
    if (!it) return;
    const back = { id: newId(), step: step.id, act: "back", of: it.id, at: now(), words: `${step.code} ${SENT[it.act]}`, quiet: !it.counted && it.id !== flying };
    requeue((all) => [...all.filter((tap) => tap.id !== it.id || tap.id === flying), ...(it.counted || it.tried ? [back] : [])]);
    if (back.quiet) say(`Taken back: ${back.words}.`);
    linked(link);
    send();
  };
  let flying = "";
  let sending = false;
  let retry = 0;
  const send = async () => {
    if (sending || over || !queue.length) return;
    sending = true;
    clearTimeout(retry);
    try {
      while (queue.length && !over) {
        const first = queue[0];
        flying = first.id;
        if (!first.tried) requeue((all) => all.map((tap) => tap.id === first.id ? { ...tap, tried: true } : tap));
        const answered = await sendOne(first);
        flying = "";
        if (!answered) {
          retry = setTimeout(send, 3000);
          break;
        }
        requeue((all) => all.filter((tap) => tap.id !== first.id));
        showOwn();
      }
    } finally {
      sending = false;
      flying = "";
      linked(over ? "gone" : link);
    }
  };
  /* Whether the console answered it, one way or the other. */
  const sendOne = async (it) => {
    const said = { id: it.id, step: it.step, act: it.act, seen: it.seen, of: it.of, rev: board.rev };
    const back = it.act === "back" ? " back" : "";
    if (now() - it.at > 2) said.at = it.at;
    if (it.note) said.note = it.note;
    if (it.until) said.until = it.until;
    let answer;
    try {
      answer = await fetch("tap", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(said) });
    } catch {
      linked("off");
      return false;
    }
    if (answer.ok) {
      if (!it.quiet) say(`Taken${back}: ${it.words}.`);
      if (!source || source.readyState !== 1) await freshen();
      return true;
    }
    if (answer.status === 429 || answer.status >= 500) return false;
    let why = {};
    try {
      why = await answer.json();
    } catch {
      if (answer.status === 404) { gone(); return false; }
    }
    refused.unshift({ id: it.id, words: it.words, back, sentence: why.sentence || "The console did not take it." });
    refused = refused.slice(0, 20);
    keep("refused", refused);
    if (why.board) learn(JSON.parse(why.board));
    say(`Not taken${back}: ${it.words}.`);
    return true;
  };
  // --- photos ------------------------------------------------------------------------------
  const PIXELS = 2048;
  /* Smaller before it is sent; what cannot be read here is sent as it is, and judged there. */
  const smaller = async (file) => {
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const by = Math.min(1, PIXELS / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * by);
      canvas.height = Math.round(image.height * by);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      return await new Promise((made) => canvas.toBlob((blob) => made(blob || file), "image/jpeg", 0.85));
    } catch {
      return file;
    }
  };
  const choosePhoto = (step) => {
    const chooser = make("input");
    chooser.type = "file";
    chooser.accept = "image/jpeg,image/png";
    chooser.addEventListener("change", () => { if (chooser.files[0]) sendPhoto(step, chooser.files[0]); });
    chooser.click();
  };
  /* Photos lie in IndexedDB until the console answered them: localStorage is too small. */
  const LARGEST = 12_000_000;
  const shelf = (act, what) => new Promise((done, failed) => {
    const opened = indexedDB.open("crew", 1);
    opened.onupgradeneeded = () => opened.result.createObjectStore("photos", { keyPath: "id" });
    opened.onerror = () => failed(opened.error);
    opened.onsuccess = () => {
      const base = opened.result;
      const turn = base.transaction("photos", "readwrite");
      const asked = turn.objectStore("photos")[act](what);
      turn.oncomplete = () => { base.close(); done(asked.result); };
      turn.onabort = () => { base.close(); failed(turn.error); };
    };
  });
  const sendPhoto = async (step, file) => {
    const blob = await smaller(file);
    const words = `the photo of ${step.code}`;
    if (blob.size > LARGEST) { say(`Not kept: ${words} is over 12 MB. Take a smaller one.`); return; }
    const made = { id: newId(), link: kept, step: step.id, at: now(), words, blob };
    photos.push(made);
    try {
      await shelf("put", made);
    } catch {
      say(`This phone has no room for ${words}. Leave this page open until it is sent.`);
    }
    linked(link);
    sendPhotos();
  };
  let posting = false;
  let later = 0;
  const sendPhotos = async () => {
    if (posting || over || !photos.length) return;
    posting = true;
    clearTimeout(later);
    try {
      while (photos.length && !over) {
        const first = photos[0];
        if (!(await postPhoto(first))) { later = setTimeout(sendPhotos, 5000); break; }
        photos = photos.filter((each) => each !== first);
        await shelf("delete", first.id).catch(() => {});
      }
    } finally {
      posting = false;
      linked(over ? "gone" : link);
    }
  };
  /* Whether the console answered it, one way or the other. */
  const postPhoto = async (it) => {
    say(`Sending ${it.words}…`);
    const late = it.waited || now() - it.at > 30 ? `&at=${Math.floor(it.at)}` : "";
    it.waited = true; // from now on it has a time of its own
    const address = `photo?step=${encodeURIComponent(it.step)}&id=${it.id}${late}`;
    let answer;
    try {
      answer = await fetch(address, { method: "POST", headers: { "Content-Type": it.blob.type || "image/jpeg" }, body: it.blob });
    } catch {
      say(`Not sent yet: ${it.words}. It is kept on this phone, and sent when the connection is back.`);
      return false;
    }
    if (answer.ok) { say(`Taken: ${it.words}.`); return true; }
    if (answer.status === 429 || answer.status >= 500) return false;
    let why = {};
    try {
      why = await answer.json();
    } catch {
      if (answer.status === 404) { gone(); return false; }
    }
    refused.unshift({ id: it.id, words: it.words, sentence: why.sentence || "The console did not take it." });
    keep("refused", refused = refused.slice(0, 20));
    return true;
  };
  const fetchPhotos = async () => {
    try {
      const found = await shelf("getAll");
      for (const each of found) each.waited = true;
      photos = [...found.filter((each) => each.link === kept), ...photos];
      for (const each of found) if (Date.now() / 1000 - each.at > 14 * 86_400) await shelf("delete", each.id);
      linked(link);
      sendPhotos();
    } catch {
      return; // nothing is kept here
    }
  };
  const freshen = async () => {
    try {
      const answer = await fetch(`board?rev=${board.rev}`, { cache: "no-store" });
      if (answer.ok) learn(await answer.json());
    } catch {
      return; // the next try to connect learns it
    }
  };

  const was = read("board", null);
  if (was && was.head) {
    Object.assign(board, { head: was.head, bridge: was.bridge, order: was.order, steps: was.steps, rev: was.rev });
    ahead = was.ahead || 0;
  }
  turn(view);
  again();
  if (crew && "photos" in body.dataset) fetchPhotos();
  setInterval(tick, 1000);
  setInterval(() => { if (link === "on" && Date.now() - heard > SILENCE) lost(); }, 5000);
  addEventListener("offline", () => linked(over ? "gone" : "off"));
  addEventListener("online", again);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && link !== "on" && !over) again(); });
})();
