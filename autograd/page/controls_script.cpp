// The controls of a page: the bar, the keys, the numbers of the leaves, dark and light.
#include <autograd/page/source.hpp>

namespace autograd::detail {

std::string_view page_controls_script() {
  return R"js(
// What is shown: step n, the numbers of the leaves, and all that follows from them.
const shown = {n: LAST_MOMENT, leaves: [...RECORDED], values: [...RECORDED], locals: STEPS.map((step) => step.local),
  other: new Set()};  // comparisons that go another way than in the recording
const listeners = [];  // called when the numbers have changed
const moment_listeners = [];  // called when a moment is shown

const show = () => {
  draw(shown.n, shown.values, shown.locals);
  const {line, remark, words} = line_at(shown.n, shown.values, shown.locals);
  $('line').innerHTML = line;
  $('remark').innerHTML = remark;
  if (words) $('remark').append('; ' + words);
  $('step').value = shown.n;
  $('count').textContent = shown.n + ' / ' + LAST_MOMENT;
  for (const listener of moment_listeners) listener();
};
const go = (n) => { shown.n = Math.max(0, Math.min(LAST_MOMENT, n)); show(); };
// To the moment of a value: its computation, or in the sweep the first step of its operation.
const FIRST_STEP = new Map();
STEPS.forEach(({operation}, s) => { if (!FIRST_STEP.has(operation)) FIRST_STEP.set(operation, s); });
const go_to_value = (i) => {
  stop();
  if (!NODES[i].op) add_field(i);
  else if (shown.n > COMPUTED.length && FIRST_STEP.has(i)) go(COMPUTED.length + 2 + FIRST_STEP.get(i));
  else go(PLACE_OF[i] + 1);
};
const PLACE_OF = new Int32Array(NODES.length).fill(-1);  // among the operations
COMPUTED.forEach((i, place) => { PLACE_OF[i] = place; });

// ---- the numbers of the leaves ----

const change = (changes) => {
  if (!IS_LIVE) return;
  for (const [i, x] of changes) shown.leaves[i] = x;
  shown.values = values_from(shown.leaves);
  shown.locals = locals_from(shown.values);
  for (const i in fields) {
    if (document.activeElement !== fields[i].field) fields[i].field.value = Number(shown.leaves[i].toPrecision(12));
    fields[i].range.value = shown.leaves[i];
  }
  shown.other = other_ways(shown.values);
  $('branches').textContent = shown.other.size === 0 ? '' :
    'Goes another way than in the recording: ' + [...shown.other].map((i) => NODES[i].heading).join(', ');
  for (const listener of listeners) listener();
  show();
};
const fields = {}, MOST_FIELDS = 120;
const add_field = (i) => {
  const node = NODES[i];
  if (node.op || node.constant || fields[i]) return;
  const row = document.createElement('div'), name = document.createElement('label');
  row.className = 'leaf';
  name.innerHTML = node.html;
  const range = document.createElement('input'), field = document.createElement('input');
  const size = Math.max(1, 2 * Math.abs(node.value));
  Object.assign(range, {type: 'range', min: node.value - size, max: node.value + size, step: 'any', value: node.value});
  Object.assign(field, {type: 'number', step: 'any', value: Number(node.value.toPrecision(12)), id: 'leaf' + i});
  name.htmlFor = field.id;
  range.setAttribute('aria-label', node.name);
  range.disabled = field.disabled = !IS_LIVE;
  range.addEventListener('input', () => change([[i, Number(range.value)]]));
  field.addEventListener('input', () => {
    if (field.value !== '' && Number.isFinite(Number(field.value))) change([[i, Number(field.value)]]);
  });
  row.append(name, range, field);
  $('leaves').appendChild(row);
  fields[i] = {range, field};
  if (shown.leaves[i] !== node.value) range.value = field.value = shown.leaves[i];
};
const LEAVES = NODES.map((node, i) => i).filter((i) => !NODES[i].op && !NODES[i].constant);
for (const i of LEAVES.slice(0, MOST_FIELDS)) add_field(i);
if (LEAVES.length > MOST_FIELDS) {
  const more = document.createElement('p');
  more.textContent = (LEAVES.length - MOST_FIELDS) + ' more: a leaf is listed here when its card is clicked.';
  $('leaves').after(more);
}
$('reset').addEventListener('click', () => change(RECORDED.map((x, i) => [i, x])));
$('reset').disabled = !IS_LIVE;
$('reason').hidden = IS_LIVE;
$('reason').textContent = PAGE.reason;

// ---- the bar and the keys ----

let timer = null;
const stop = () => { clearInterval(timer); timer = null; $('play').textContent = 'Play'; };
const play = () => {
  if (timer !== null) return stop();
  if (shown.n === LAST_MOMENT) go(0);
  $('play').textContent = 'Pause';
  timer = setInterval(() => { go(shown.n + 1); if (shown.n === LAST_MOMENT) stop(); }, 900);
};
const step_to = (n) => { stop(); go(n); };
$('step').max = LAST_MOMENT;
$('step').addEventListener('input', () => step_to(Number($('step').value)));
$('first').addEventListener('click', () => step_to(0));
$('back').addEventListener('click', () => step_to(shown.n - 1));
$('on').addEventListener('click', () => step_to(shown.n + 1));
$('last').addEventListener('click', () => step_to(LAST_MOMENT));
$('play').addEventListener('click', play);
document.addEventListener('keydown', (event) => {
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) || event.ctrlKey || event.altKey || event.metaKey) return;
  const keys = {ArrowRight: () => step_to(shown.n + 1), ArrowLeft: () => step_to(shown.n - 1),
    Home: () => step_to(0), End: () => step_to(LAST_MOMENT)};
  if (event.key === ' ' && event.target.tagName !== 'BUTTON' && event.target.tagName !== 'SUMMARY') play();
  else if (keys[event.key]) keys[event.key]();
  else return;
  event.preventDefault();
});

// ---- dark and light ----

const prefers_dark = matchMedia('(prefers-color-scheme: dark)').matches;
document.documentElement.dataset.theme = prefers_dark ? 'dark' : 'light';
$('theme').addEventListener('click', () => {
  const theme = document.documentElement.dataset;
  theme.theme = theme.theme === 'dark' ? 'light' : 'dark';
  for (const listener of listeners) listener();
});
arrange(AT_FIRST);
go(0);
)js";
}

}  // namespace autograd::detail
