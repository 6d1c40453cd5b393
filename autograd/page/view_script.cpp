// The drawing of a page: cards and arrows, parts that open and close, a moment.
#include <autograd/page/source.hpp>

namespace autograd::detail {

std::string_view page_view_script() {
  return R"js(
const $ = (id) => document.getElementById(id);
const svg_element = (name, attributes, parent, text) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  if (text !== undefined) element.textContent = text;  // never markup
  if (parent) parent.appendChild(element);
  return element;
};
// A click, Enter or the space bar; a pointer that has moved the drawing does not click.
const on_click = (element, action) => {
  element.addEventListener('click', () => { if (way < 6) action(); });
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    action();
  });
};

const graph = $('graph');
const shown_drawing = {open: ALL_PARTS};
const card_of = (i) => shown_drawing.drawing.cardOf[i];
const build = (drawing) => {
  graph.textContent = '';
  const arrows = drawing.arrows.map((arrow) => svg_element('path', {class: 'arrow', d: arrow.path}, graph));
  const head_mark = svg_element('path', {class: 'head-mark'}, graph);
  Object.assign(shown_drawing, {drawing, arrows, head_mark});
  const members = drawing.cards.map(() => []);
  drawing.cardOf.forEach((c, i) => { if (c >= 0) members[c].push(i); });
  shown_drawing.cards = drawing.cards.map((card, c) => {
    const part = drawing.partOf[c], is_part = part > 0, node = NODES[members[c][0]];
    const group = svg_element('g', {class: 'card', tabindex: 0, role: is_part || IS_LARGE ? 'button' : 'img',
      transform: 'translate(' + card.x + ' ' + card.y + ')'}, graph);
    group.classList.toggle('part', is_part);
    group.classList.toggle('leafy', !is_part && !node.op);
    group.classList.toggle('root', card_of(ROOT) === c);
    svg_element('rect', {width: card.width, height: PAGE.cardHeight, rx: 6}, group);
    svg_element('text', {class: 'head', x: 10, y: 18}, group, card.heading);
    svg_element('text', {class: 'word', x: 10, y: 36}, group, is_part ? 'values' : 'data');
    const right = {x: card.width - 10, 'text-anchor': 'end'};
    const data = svg_element('text', {...right, y: 36}, group);
    if (is_part || !node.constant) svg_element('text', {class: 'word', x: 10, y: 53}, group, is_part ? 'grads' : 'grad');
    const gradient = svg_element('text', {...right, y: 53}, group);
    group.addEventListener('focus', () => { tell(c); bring(c); });
    group.addEventListener('pointerenter', () => tell(c));
    group.addEventListener('pointerleave', () => { about.textContent = ''; });
    if (is_part) {
      group.setAttribute('aria-expanded', 'false');
      on_click(group, () => open_part(part));
    } else if (IS_LARGE) {
      on_click(group, () => go_to_value(members[c][0]));
    }
    return {group, data, gradient, part, members: members[c]};
  });
  draw_tabs(members);
};

// What a card is, in a sentence.
const about = document.createElement('p');
about.id = 'about';
$('drawing').appendChild(about);
const tell = (c) => {
  const {part, members} = shown_drawing.cards[c], node = NODES[members[0]];
  if (part > 0) {
    about.textContent = path_of(part) + ': ' + members.length + ' values; a click or Enter opens it';
    return;
  }
  about.innerHTML = node.html + (node.op ? ' = ' + node.formula : '') + ' = ' + text_of(shown.values[members[0]]);
  if (PART_OF[members[0]] > 0) about.append(', in ' + path_of(PART_OF[members[0]]));
};

// ---- parts ----

// Above the first card of an open part its name, which closes it.
const draw_tabs = (members) => {
  const {drawing, open} = shown_drawing, closed = closed_around(open), first = {};
  shown_drawing.tabs = {};
  const is_before = (c, d) => drawing.cards[c].y < drawing.cards[d].y - 1 ||
    (Math.abs(drawing.cards[c].y - drawing.cards[d].y) <= 1 && drawing.cards[c].x < drawing.cards[d].x);
  if (shown_drawing.is_around) return;
  members.forEach((list, c) => {
    const part = drawing.partOf[c];
    for (let p = part > 0 ? PARTS[part].parent : PART_OF[list[0]]; p > 0; p = PARTS[p].parent)
      if (first[p] === undefined || is_before(c, first[p])) first[p] = c;
  });
  const taken = drawing.cards.map(() => 0);  // by card: the width of the tabs above it
  for (const p in first) {
    if (closed[p] !== 0) continue;
    const {name} = PARTS[p], card = drawing.cards[first[p]], width = 24 + 6.6 * [...name].length;
    const tab = svg_element('g', {class: 'tab', tabindex: 0, role: 'button', 'aria-expanded': 'true', 'aria-label': path_of(p),
      transform: 'translate(' + (card.x + taken[first[p]]) + ' ' + (card.y - 17) + ')'}, graph);
    taken[first[p]] += width + 4;
    svg_element('rect', {width, height: 16, rx: 4}, tab);
    svg_element('text', {x: 6, y: 12}, tab, '− ' + name);
    const mark = (is_on) => members.forEach((list, c) => shown_drawing.cards[c].group.classList.toggle('within', is_on && is_in(list[0], Number(p))));
    for (const [event, is_on] of [['pointerenter', true], ['pointerleave', false], ['focus', true], ['blur', false]])
      tab.addEventListener(event, () => mark(is_on));
    tab.addEventListener('focus', () => bring(first[p]));
    on_click(tab, () => close_part(Number(p)));
    shown_drawing.tabs[p] = tab;
  }
};
const is_in = (i, part) => {
  let p = PART_OF[i];
  while (p > part) p = PARTS[p].parent;
  return p === part;
};

// Of a graph of too many values those around the present one: what it is computed from, and what uses
// it. Closed parts can be drawn if there are not too many cards.
const IS_LARGE = PAGE.most !== undefined, AROUND = 'around';
const is_drawable = (open) => !IS_LARGE || (open.size < ALL_PARTS.size && count_cards(open) <= PAGE.most);
const AT_FIRST = IS_LARGE ? AROUND : ALL_PARTS;
const USERS = [];
if (IS_LARGE) for (const {operation, operand} of STEPS) (USERS[operand] = USERS[operand] || []).push(operation);
const around = (n) => {
  const MOST_OPERANDS = 12, MOST_USERS = 6, {steps} = moment_at(n), step = STEPS[steps - 1];
  const i = step ? step.operation : steps === 0 ? ROOT : n > 0 ? COMPUTED[n - 1] : COMPUTED[0] ?? ROOT;
  const near = new Set([i]);
  if (step) near.add(step.operand);
  for (const j of (NODES[i].operands || []).slice(0, MOST_OPERANDS)) near.add(j);
  for (const j of (USERS[step ? step.operand : i] || []).slice(-MOST_USERS)) near.add(j);
  for (const j of (USERS[i] || []).slice(-MOST_USERS)) near.add(j);
  return [...near].filter((j) => j >= 0).sort((a, b) => a - b);
};
const arrange = (open) => {
  const near = open === AROUND ? around(shown.n) : undefined, has_focus = graph.contains(document.activeElement);
  shown_drawing.open = near ? ALL_PARTS : open;
  shown_drawing.is_around = Boolean(near);
  build(drawing_of(shown_drawing.open, near));
  if (near && has_focus) graph.focus();
  find_arrows();
  const {width, height} = shown_drawing.drawing;
  graph.style.aspectRatio = width + ' / ' + Math.max(height, width / 6);
  fit();
  // On a small screen a part of the graph at a size that can be read.
  if (scale() > 1.35) zoom(1.35 / scale(), 0, height / 2);
  level_buttons.forEach(({button, open: parts}) => button.setAttribute('aria-pressed', parts === open ||
    (!near && parts !== AROUND && parts.size === open.size && [...parts].every((p) => open.has(p)))));
};
const set_open = (open) => { arrange(open); show(); };
// A part is opened with the parts within it closed, and they close with it.
const open_part = (part) => {
  if (!is_drawable(new Set([...shown_drawing.open, part]))) {
    about.textContent = path_of(part) + ' has too many values to draw: step through it.';
    return;
  }
  set_open(new Set([...shown_drawing.open, part]));
  const {tabs, cards} = shown_drawing;
  (tabs[part] || cards.find(({members}) => is_in(members[0], part)).group).focus();
};
const close_part = (part) => {
  set_open(new Set([...shown_drawing.open].filter((p) => p !== part && !is_part_in(p, part))));
  shown_drawing.cards.find((card) => card.part === part).group.focus();
};
const is_part_in = (p, part) => {
  while (p > part) p = PARTS[p].parent;
  return p === part;
};
// All parts of a depth at once.
const level_buttons = [];
const add_level = (name, open) => {
  const button = document.createElement('button');
  button.textContent = name[0].toUpperCase() + name.slice(1);
  button.addEventListener('click', () => set_open(open));
  $('levels').appendChild(button);
  level_buttons.push({button, open});
};
if (IS_LARGE) add_level('around the step', AROUND);
for (let depth = 1; depth <= DEEPEST + 1 && DEEPEST > 0; ++depth) {
  const open = parts_above(depth);
  if (is_drawable(open)) add_level(depth > DEEPEST ? 'all values' : 'by ' + kind_at(depth), open);
}
$('levels').hidden = level_buttons.length === 0;

// ---- a moment ----

// By step: which arrow it goes along; -1 within a closed part.
const find_arrows = () => {
  const {arrows} = shown_drawing.drawing, places = new Map();
  arrows.forEach(({from, to, k}, e) => places.set(from + ' ' + to + (k < 0 ? '' : ' ' + k), e));
  const arrow_of = new Int32Array(STEPS.length).fill(-1), {cardOf} = shown_drawing.drawing;
  for (let s = 0; s < STEPS.length; ++s) {
    const from = cardOf[STEPS[s].operand], to = cardOf[STEPS[s].operation];
    if (from < 0 || to < 0) continue;
    const key = from + ' ' + to;
    arrow_of[s] = places.get(key) ?? places.get(key + ' ' + STEPS[s].k) ?? -1;
  }
  shown_drawing.arrow_of = arrow_of;
};
const point_head = (e) => {
  if (e < 0) return shown_drawing.head_mark.setAttribute('d', '');
  const {path, from} = shown_drawing.drawing.arrows[e], card = shown_drawing.drawing.cards[from];
  shown_drawing.head_mark.setAttribute('d',
    'M' + (card.x + card.width) + ' ' + path.match(/-?[\d.]+/g)[1] + 'l9 -6v12z');
};

const draw_card = ({group, data, gradient, part, members}, heading, known, values, sums, is_back) => {
  const is_part = part > 0, is_known = (i) => !NODES[i].op || known(i);
  const count = (condition) => members.filter(condition).length;
  const sum = is_back && !is_part && !NODES[members[0]].constant ? sums[members[0]] : undefined;
  const of_all = (number) => number + ' of ' + members.length;
  data.textContent = is_part ? of_all(count(is_known)) : is_known(members[0]) ? text_of(values[members[0]]) : '';
  gradient.textContent = is_part ? is_back ? of_all(count((i) => sums[i] !== undefined)) : '' : text_of(sum);
  gradient.setAttribute('class', 'gradient ' + (sum < 0 ? 'below' : 'above'));
  group.classList.toggle('later', !members.some(is_known));
  const is_other = shown.other.size > 0 && members.some((i) => shown.other.has(i));
  group.classList.toggle('other', is_other);
  const said = is_part ? [', values ', ', gradients '] : [', data ', ', gradient '];
  group.setAttribute('aria-label', heading + (data.textContent && said[0] + data.textContent) +
    (gradient.textContent && said[1] + gradient.textContent) + (is_other ? ', goes another way than in the recording' : ''));
};
const draw = (n, values, locals) => {
  if (shown_drawing.is_around) arrange(AROUND);
  const {drawing, cards, arrows} = shown_drawing;
  const moment = moment_at(n), is_back = moment.steps >= 0;
  const {sums} = gradients_after(locals, Math.max(0, moment.steps));
  const step = moment.steps > 0 ? STEPS[moment.steps - 1] : null;
  const node = step ? step.operand : moment.steps === 0 ? ROOT : n > 0 ? COMPUTED[n - 1] : -1;
  const present = node < 0 ? -1 : card_of(node);
  const known = (i) => moment.computed > 0 && i <= COMPUTED[moment.computed - 1];
  cards.forEach((card, c) => {
    draw_card(card, drawing.cards[c].heading, known, values, sums, is_back);
    card.group.classList.toggle('marked', c === present);
  });
  if (present >= 0) bring(present);
  const {arrow_of} = shown_drawing, is_alive = arrows.map(() => false);
  const marked = step ? arrow_of[moment.steps - 1] : -1;
  arrow_of.forEach((e, s) => { if (locals[s] !== 0) is_alive[e] = true; });
  arrows.forEach((arrow, e) => {
    arrow.classList.toggle('dead', !is_alive[e]);
    arrow.classList.toggle('marked', step ? e === marked : !is_back && drawing.arrows[e].to === present);
  });
  point_head(marked);
};
)js";
}

}  // namespace autograd::detail
