// The drawing of a page: cards and arrows that can be moved, zoomed and read.
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

// The drawing of a level: all values, or parts as one card each.
const graph = $('graph');
const shown_drawing = {};
const card_of = (i) => shown_drawing.level.cardOf ? shown_drawing.level.cardOf[i] : i;
const build = (number) => {
  const level = PAGE.levels[number];
  graph.textContent = '';
  const arrows = level.arrows.map((arrow) => svg_element('path', {class: 'arrow', d: arrow.path}, graph));
  const head_mark = svg_element('path', {class: 'head-mark'}, graph);
  Object.assign(shown_drawing, {number, level, arrows, head_mark});
  const members = level.cards.map(() => []);
  NODES.forEach((node, i) => members[card_of(i)].push(i));
  shown_drawing.cards = level.cards.map((card, c) => {
    const is_part = Boolean(level.isPart && level.isPart[c]), node = NODES[members[c][0]];
    const group = svg_element('g', {class: 'card', tabindex: 0, role: 'img',
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
    // A part opens by a click, with all others.
    if (is_part) {
      group.addEventListener('click', () => { if (way < 5) open_level(number + 1); });
      group.addEventListener('keydown', (event) => { if (event.key === 'Enter') open_level(number + 1); });
    }
    return {group, data, gradient, is_part, members: members[c]};
  });
};

// What a card is, in a sentence.
const about = document.createElement('p');
about.id = 'about';
$('drawing').appendChild(about);
const tell = (c) => {
  const {is_part, members} = shown_drawing.cards[c], node = NODES[members[0]];
  if (is_part) {
    about.textContent = shown_drawing.level.cards[c].heading + ': ' + members.length + ' values; a click or Enter opens it';
    return;
  }
  about.innerHTML = node.html + (node.op ? ' = ' + node.formula : '') + ' = ' + text_of(shown.values[members[0]]);
  if (node.part) about.append(', in ' + node.part);
};

// ---- moving and zooming ----

const view = {x: 0, y: 0, width: 1, height: 1};
const show_view = () => graph.setAttribute('viewBox', [view.x, view.y, view.width, view.height].join(' '));
const fit = () => {
  const {width, height} = shown_drawing.level;
  Object.assign(view, {x: 0, y: 0, width, height});
  show_view();
};
const zoom = (factor, x = view.x + view.width / 2, y = view.y + view.height / 2) => {
  if (view.width * factor < 80 || view.width * factor > 8 * shown_drawing.level.width) return;
  view.x = x - (x - view.x) * factor;
  view.y = y - (y - view.y) * factor;
  view.width *= factor;
  view.height *= factor;
  show_view();
};
const move = (dx, dy) => { view.x += dx; view.y += dy; show_view(); };
const scale = () => {
  const box = graph.getBoundingClientRect();
  return Math.max(view.width / box.width, view.height / box.height);
};
// So that a card with the focus can be seen.
const bring = (c) => {
  const {x, y, width} = shown_drawing.level.cards[c];
  if (x < view.x || x + width > view.x + view.width) view.x = x + width / 2 - view.width / 2;
  if (y < view.y || y + PAGE.cardHeight > view.y + view.height) view.y = y + PAGE.cardHeight / 2 - view.height / 2;
  show_view();
};
graph.addEventListener('wheel', (event) => {
  event.preventDefault();
  const box = graph.getBoundingClientRect(), by_pixel = scale();
  zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15,
       view.x + view.width / 2 + (event.clientX - box.left - box.width / 2) * by_pixel,
       view.y + view.height / 2 + (event.clientY - box.top - box.height / 2) * by_pixel);
}, {passive: false});
let way = 0;  // that a pointer has gone since it was pressed, in pixels
graph.addEventListener('pointerdown', () => { way = 0; });
graph.addEventListener('pointermove', (event) => {
  if ((event.buttons & 1) === 0) return;
  way += Math.abs(event.movementX) + Math.abs(event.movementY);
  move(-event.movementX * scale(), -event.movementY * scale());
});
graph.addEventListener('keydown', (event) => {
  const far = view.width / 12, moves = {ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far]};
  if (event.target !== graph) return;
  if (moves[event.key]) move(...moves[event.key]);
  else if (event.key === '+') zoom(1 / 1.25);
  else if (event.key === '-') zoom(1.25);
  else if (event.key === '0') fit();
  else return;
  event.preventDefault();
  event.stopPropagation();
});
$('in').addEventListener('click', () => zoom(1 / 1.25));
$('out').addEventListener('click', () => zoom(1.25));
$('fit').addEventListener('click', fit);

// ---- levels ----

const level_buttons = PAGE.levels.map((level, number) => {
  const button = document.createElement('button');
  button.textContent = level.name[0].toUpperCase() + level.name.slice(1);
  button.addEventListener('click', () => open_level(number));
  $('levels').appendChild(button);
  return button;
});
$('levels').hidden = PAGE.levels.length < 2;
const arrange = (number) => {
  build(number);
  const {width, height} = shown_drawing.level;
  graph.style.aspectRatio = width + ' / ' + Math.max(height, width / 6);
  fit();
  // On a small screen a part of the graph at a size that can be read.
  if (scale() > 1.35) zoom(1.35 / scale(), 0, height / 2);
  level_buttons.forEach((button, k) => button.setAttribute('aria-pressed', k === number));
};
const open_level = (number) => { arrange(number); show(); };
arrange(PAGE.levels.length - 1);

// ---- a moment ----

// Which arrow a step goes along; none within a part.
const arrow_of = (step) => shown_drawing.level.arrows.findIndex((arrow) =>
  arrow.from === card_of(step.operand) && arrow.to === card_of(step.operation) &&
  (shown_drawing.level.cardOf || arrow.k === step.k));
const point_head = (e) => {
  if (e < 0) return shown_drawing.head_mark.setAttribute('d', '');
  const {path, from} = shown_drawing.level.arrows[e], card = shown_drawing.level.cards[from];
  shown_drawing.head_mark.setAttribute('d',
    'M' + (card.x + card.width) + ' ' + path.match(/-?[\d.]+/g)[1] + 'l9 -6v12z');
};

const draw_card = ({group, data, gradient, is_part, members}, heading, known, values, sums, is_back) => {
  const is_known = (i) => !NODES[i].op || known.has(i);
  const count = (condition) => members.filter(condition).length;
  const sum = is_back && !is_part && !NODES[members[0]].constant ? sums[members[0]] : undefined;
  const of_all = (number) => number + ' of ' + members.length;
  data.textContent = is_part ? of_all(count(is_known)) : is_known(members[0]) ? text_of(values[members[0]]) : '';
  gradient.textContent = is_part ? is_back ? of_all(count((i) => sums[i] !== undefined)) : '' : text_of(sum);
  gradient.setAttribute('class', 'gradient ' + (sum < 0 ? 'below' : 'above'));
  group.classList.toggle('later', !members.some(is_known));
  const said = is_part ? [', values ', ', gradients '] : [', data ', ', gradient '];
  group.setAttribute('aria-label', heading + (data.textContent && said[0] + data.textContent) +
    (gradient.textContent && said[1] + gradient.textContent));
};
const draw = (n, values, locals) => {
  const {level, cards, arrows} = shown_drawing;
  const moment = moment_at(n), is_back = moment.steps >= 0;
  const {sums} = gradients_after(locals, Math.max(0, moment.steps));
  const step = moment.steps > 0 ? STEPS[moment.steps - 1] : null;
  const node = step ? step.operand : moment.steps === 0 ? ROOT : n > 0 ? COMPUTED[n - 1] : -1;
  const present = node < 0 ? -1 : card_of(node);
  const known = new Set(COMPUTED.slice(0, moment.computed));
  cards.forEach((card, c) => {
    draw_card(card, level.cards[c].heading, known, values, sums, is_back);
    card.group.classList.toggle('marked', c === present);
  });
  if (present >= 0) bring(present);
  const marked = step ? arrow_of(step) : -1, is_alive = arrows.map(() => false);
  STEPS.forEach((each, s) => { if (locals[s] !== 0) is_alive[arrow_of(each)] = true; });
  arrows.forEach((arrow, e) => {
    arrow.classList.toggle('dead', !is_alive[e]);
    arrow.classList.toggle('marked', step ? e === marked : !is_back && level.arrows[e].to === present);
  });
  point_head(marked);
};
)js";
}

}  // namespace autograd::detail
