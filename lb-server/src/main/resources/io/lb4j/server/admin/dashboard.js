'use strict';

// The page asks every two seconds, keeps five minutes, and writes texts only: nothing that it is told becomes markup.
const INTERVAL = 2000;
const KEPT = 150;
const SHOWN_FAULTS = 20;
const byId = (id) => document.getElementById(id);
let token = sessionStorage.getItem('token') || '';
let before = null;

async function ask(path, options = {}) {
  const headers = { accept: 'application/json', ...options.headers };
  if (token) headers.authorization = 'Bearer ' + token;
  const response = await fetch(path, { ...options, headers, cache: 'no-store', credentials: 'same-origin' });
  if (response.status === 401) throw new Unauthorized();
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail || response.statusText);
  return body;
}

class Unauthorized extends Error {}

function act(path, body = {}) {
  return ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

function confirmed(text, wantsToken = false) {
  const dialog = byId('ask');
  byId('ask-text').textContent = text;
  byId('ask-label').hidden = !wantsToken;
  byId('ask-yes').textContent = wantsToken ? 'Sign in' : 'Yes';
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
    dialog.returnValue = 'no';
    dialog.showModal();
  });
}

async function actConfirmed(text, path, body) {
  if (!(await confirmed(text))) return;
  try {
    await act(path, body);
    byId('status').textContent = 'done';
  } catch (e) {
    say(e.message, 'degraded');
    await confirmed(e.message);
  }
  await look();
}

function say(text, kind) {
  const status = byId('status');
  if (status.textContent !== text) status.textContent = text;
  status.className = kind;
}

const count = (n) => new Intl.NumberFormat('en').format(n ?? 0);
const millis = (seconds) => (seconds === undefined ? '' : (seconds * 1000).toFixed(seconds < 0.01 ? 2 : 0) + ' ms');
const ago = (time) => (time ? duration((Date.now() - Date.parse(time)) / 1000) + ' ago' : '');

/** Without the date where it is today's. */
function moment(time) {
  const then = new Date(time);
  return then.toDateString() === new Date().toDateString() ? then.toLocaleTimeString() : then.toLocaleString();
}

function duration(seconds) {
  const s = Math.abs(seconds);
  if (s < 120) return Math.round(s) + ' s';
  if (s < 7200) return Math.round(s / 60) + ' min';
  if (s < 172800) return Math.round(s / 3600) + ' h';
  return Math.round(s / 86400) + ' d';
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** Cells are texts or nodes. What stays as it is stays in place: a click or the focus may be on it while figures change around it. */
function fill(id, titles, rows) {
  const table = byId(id);
  const body = rows.length ? rows : [['none']];
  const shape = body.map((row) => row.length).join();
  if (table.dataset.shape === shape) {
    body.forEach((row, i) => row.forEach((cell, j) => put(table.rows[i + 1].cells[j], cell)));
    return;
  }
  const focused = table.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
  table.dataset.shape = shape;
  const head = element('tr');
  titles.forEach((title) => { const th = element('th', title); th.scope = 'col'; head.append(th); });
  table.replaceChildren(head, ...body.map((row) => {
    const tr = element('tr');
    row.forEach((cell) => { const td = element('td'); put(td, cell); tr.append(td); });
    return tr;
  }));
  if (focused) table.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
}

const face = (node) => [node.textContent, node.className, node.getAttribute('aria-label')].join('\n');

function put(td, cell) {
  const present = td.firstElementChild;
  if (!(cell instanceof Node)) {
    const text = String(cell ?? '');
    if (present || td.textContent !== text) td.textContent = text;
  } else if (!present || face(present) !== face(cell)) {
    const hadFocus = td.contains(document.activeElement);
    td.replaceChildren(cell);
    if (hadFocus) cell.focus();
  }
}

function button(text, label, action) {
  const made = element('button', text);
  made.type = 'button';
  made.setAttribute('aria-label', label);
  made.addEventListener('click', action);
  return made;
}

const errors = (traffic) => Object.entries(traffic.status_classes).reduce((sum, [k, n]) => sum + (k === '5' || k === '0' ? n : 0), 0);
const lately = (recent, part) => (recent && recent.latency.count ? millis(recent.latency[part]) : '');
const trafficCells = (t, recent) => [count(t.requests), count(t.active), count(errors(t)), lately(recent, 'p50'), lately(recent, 'p99')];
const TRAFFIC = ['Requests', 'Active', 'Errors', 'Median', '99 %'];

function endpointRow(cluster, e, recent) {
  const state = element('span');
  const words = [e.health === 'unknown' ? 'not checked' : e.health, e.ejected ? 'ejected' : '', e.draining ? 'draining' : ''].filter(Boolean);
  state.textContent = words.join(', ');
  state.className = e.health === 'unhealthy' || e.ejected || e.draining ? 'degraded' : 'up';
  const place = '/endpoints/' + encodeURIComponent(cluster) + '/' + encodeURIComponent(e.address);
  const isOut = e.draining || e.ejected;
  const verb = isOut ? 'Restore' : 'Drain';
  const text = isOut ? `Send ${e.address} of ${cluster} requests again?` : `Send ${e.address} of ${cluster} no new requests?`;
  const control = button(verb, `${verb} ${e.address} of ${cluster}`, () => actConfirmed(text, place + (isOut ? '/restore' : '/drain')));
  return [cluster, e.address, state, e.weight, count(e.in_flight), ...trafficCells(e.traffic, recent), control];
}

function showTables(stats, versions, faults) {
  const entries = (map) => Object.entries(map);
  const { recent } = stats;
  fill('listeners', ['Name', ...TRAFFIC, 'Connections', 'Refused', 'Handshakes failed'], entries(stats.listeners).map(([name, l]) =>
    [name, ...trafficCells(l.traffic, recent.listeners[name]), count(l.connections_open), count(l.connections_refused), count(l.handshakes_failed)]));
  fill('routes', ['Name', ...TRAFFIC], entries(stats.routes).map(([name, t]) => [name, ...trafficCells(t, recent.routes[name])]));
  fill('endpoints', ['Cluster', 'Endpoint', 'State', 'Weight', 'In flight', ...TRAFFIC, ''], entries(stats.clusters).flatMap(([name, c]) =>
    Object.values(c.endpoints).map((e) => endpointRow(name, e, recent.endpoints[name]?.[e.address]))));
  fill('discovery', ['Cluster', 'Source', 'State', 'Endpoints', 'Errors', 'Last error'], entries(stats.clusters).flatMap(([name, c]) =>
    c.sources.map((s) => [name, s.source, s.state, s.endpoints, count(s.errors), s.last_error])));
  fill('certificates', ['Names', 'From', 'Time left', 'Failures', 'Last failure'], stats.certificates.map((c) =>
    [c.names.join(', '), c.held?.authority ?? 'itself', c.held ? duration((Date.parse(c.held.not_after) - Date.now()) / 1000) : '', c.failures, c.last_failure]));
  fill('plugins', ['Place', 'State', 'Calls', 'Answers', 'Errors', 'Timeouts', 'Version', 'Trouble'], entries(stats.plugins).map(([place, p]) => {
    const troubles = entries(p.dependencies).filter(([, d]) => d.trouble).map(([name, d]) => name + ': ' + d.trouble);
    const isWell = !p.out && troubles.length === 0;
    const state = element('span', p.out ? 'out' : isWell ? 'in' : 'degraded', isWell ? 'up' : 'degraded');
    return [place, state, count(p.calls), count(p.short_circuits), count(p.errors), count(p.timeouts), p.version, troubles.join('; ')];
  }));
  fill('faults', ['When', 'What'], faults.slice(0, SHOWN_FAULTS).map((f) => [moment(f.at), element('span', f.text, f.over ? 'up' : 'degraded')]));
  const all = versions.versions.slice().reverse();
  fill('versions', ['Version', 'When', 'By', ''], all.map((v, i) =>
    [v.version, new Date(v.at).toLocaleString(), v.cause, i === 0 ? 'in force'
      : button('Go back', `Go back to version ${v.version}`, () => actConfirmed(`Put version ${v.version} in force again?`, '/config/rollback', { version: v.version }))]));
}

// A configuration that code has given has no files to read again, and no versions.
function showFiles(versions) {
  const none = versions.versions.length === 0;
  byId('reload').hidden = none;
  byId('versions').closest('section').hidden = none;
}

function showHealth(health) {
  say(health.status === 'up' ? 'up' : 'needs a look', health.status);
  const list = Object.entries(health.components).flatMap(([name, c]) => (c.troubles ?? []).map((t) => name + ': ' + t));
  byId('trouble').hidden = list.length === 0;
  const key = list.join('\n');
  if (byId('troubles').dataset.key !== key) {
    byId('troubles').dataset.key = key;
    byId('troubles').replaceChildren(...list.map((text) => element('li', text)));
  }
}

const series = { requests: [[], []], errors: [[], []], latency: [[], [], [], []] };
const charts = {};

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function chart(name, labels) {
  const place = byId('chart-' + name);
  const axis = { stroke: colour('--faint'), grid: { stroke: colour('--line') }, ticks: { stroke: colour('--line') } };
  const strokes = ['--accent', '--good', '--bad'];
  return new uPlot({
    width: place.clientWidth, height: 180, legend: { show: labels.length > 1 }, cursor: { drag: { x: false, y: false } },
    scales: { y: { range: (u, min, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [{ ...axis }, { ...axis, size: 48 }],
    series: [{}, ...labels.map((label, i) => ({ label, stroke: colour(strokes[i]), width: 2, points: { show: false } }))],
  }, series[name], place);
}

function draw() {
  Object.keys(charts).forEach((name) => { charts[name].destroy(); delete charts[name]; });
  charts.requests = chart('requests', ['requests']);
  charts.errors = chart('errors', ['errors']);
  charts.latency = chart('latency', ['mean', 'median', '99 %']);
}

/** Sums over the listeners: each exchange comes by one. */
function totals(stats) {
  const sum = { at: Date.parse(stats.at) / 1000, requests: 0, errors: 0 };
  Object.values(stats.listeners).forEach(({ traffic: t }) => {
    sum.requests += t.requests;
    sum.errors += errors(t);
  });
  return sum;
}

/** Mean, median and 99 % of the last half minute in milliseconds; of several listeners the slowest. */
function latencies(recent) {
  const all = Object.values(recent.listeners).map((t) => t.latency).filter((l) => l.count > 0);
  if (!all.length) return [null, null, null];
  const ended = all.reduce((sum, l) => sum + l.count, 0);
  const mean = all.reduce((sum, l) => sum + l.count * l.mean, 0) / ended;
  return [mean, Math.max(...all.map((l) => l.p50)), Math.max(...all.map((l) => l.p99))].map((seconds) => seconds * 1000);
}

function plot(stats) {
  const now = totals(stats);
  const last = before;
  before = now;
  if (!last || now.at <= last.at || now.requests < last.requests) return;
  const time = now.at - last.at;
  const values = { requests: [(now.requests - last.requests) / time], errors: [Math.max(0, now.errors - last.errors) / time], latency: latencies(stats.recent) };
  Object.entries(values).forEach(([name, points]) => {
    [now.at, ...points].forEach((value, i) => { series[name][i].push(value); if (series[name][i].length > KEPT) series[name][i].shift(); });
    charts[name].setData(series[name]);
  });
}

let asking = false;
let signedOut = false;

async function look() {
  if (asking || signedOut) return;
  asking = true;
  try {
    const [health, stats, faults] = await Promise.all([ask('/health'), ask('/stats'), ask('/faults')]);
    const versions = await ask('/config/versions').catch(() => ({ versions: [] }));
    showHealth(health);
    byId('since').textContent = `since ${ago(stats.since).replace(' ago', '')}; configuration ${ago(stats.configuration.last_applied)}`;
    showFiles(versions);
    showTables(stats, versions, faults);
    plot(stats);
  } catch (e) {
    if (e instanceof Unauthorized) {
      await signIn();
    } else {
      say('cannot be reached: ' + e.message, 'down');
    }
  } finally {
    asking = false;
  }
}

// Whoever does not sign in is not asked again and again.
async function signIn() {
  say('needs a token', 'degraded');
  if (byId('ask').open) return;
  signedOut = !(await confirmed('The administration asks for its token.', true));
  byId('sign-in').hidden = !signedOut;
  if (!signedOut) {
    token = byId('ask-token').value;
    sessionStorage.setItem('token', token);
    setTimeout(look);
  }
  byId('ask-token').value = '';
}

// The button that Enter presses is the first that submits: it must not be this one.
byId('ask-no').addEventListener('click', () => byId('ask').close('no'));
byId('sign-in').addEventListener('click', signIn);

byId('reload').addEventListener('click', () => actConfirmed('Read the configuration files again and put them in force?', '/config/reload'));
window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
new ResizeObserver(() => Object.entries(charts).forEach(([name, c]) => c.setSize({ width: byId('chart-' + name).clientWidth, height: 180 }))).observe(byId('chart-requests'));
draw();
look();
setInterval(look, INTERVAL);
