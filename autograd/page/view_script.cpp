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

const graph = $('graph');
const arrows = PAGE.arrows.map((arrow) => svg_element('path', {class: 'arrow', d: arrow.path}, graph));
const head_mark = svg_element('path', {class: 'head-mark'}, graph);
const cards = NODES.map((node, i) => {
  const group = svg_element('g', {class: 'card', tabindex: 0, role: 'img',
    transform: 'translate(' + node.x + ' ' + node.y + ')'}, graph);
  if (!node.op) group.classList.add('leafy');
  if (i === ROOT) group.classList.add('root');
  svg_element('rect', {width: node.width, height: PAGE.cardHeight, rx: 6}, group);
  svg_element('text', {class: 'head', x: 10, y: 18}, group, node.heading);
  svg_element('text', {class: 'word', x: 10, y: 36}, group, 'data');
  const data = svg_element('text', {x: node.width - 10, y: 36, 'text-anchor': 'end'}, group);
  if (!node.constant) svg_element('text', {class: 'word', x: 10, y: 53}, group, 'grad');
  const gradient = svg_element('text', {x: node.width - 10, y: 53, 'text-anchor': 'end'}, group);
  const card = {group, data, gradient};
  group.addEventListener('focus', () => { tell(i); bring(i); });
  group.addEventListener('pointerenter', () => tell(i));
  group.addEventListener('pointerleave', () => { $('about').textContent = ''; });
  return card;
});

// What a card is, in a sentence.
const about = document.createElement('p');
about.id = 'about';
$('drawing').appendChild(about);
const tell = (i) => {
  const node = NODES[i], numbers = ' = ' + text_of(shown.values[i]);
  about.innerHTML = node.html + (node.op ? ' = ' + node.formula : '') + numbers;
  if (node.part) about.append(', in ' + node.part);
};

// ---- moving and zooming ----

const view = {x: 0, y: 0, width: PAGE.width, height: PAGE.height};
const show_view = () => graph.setAttribute('viewBox', [view.x, view.y, view.width, view.height].join(' '));
const fit = () => {
  Object.assign(view, {x: 0, y: 0, width: PAGE.width, height: PAGE.height});
  show_view();
};
const zoom = (factor, x = view.x + view.width / 2, y = view.y + view.height / 2) => {
  if (view.width * factor < 80 || view.width * factor > 8 * PAGE.width) return;
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
const bring = (i) => {
  const {x, y, width} = NODES[i];
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
graph.addEventListener('pointerdown', (event) => graph.setPointerCapture(event.pointerId));
graph.addEventListener('pointermove', (event) => {
  if (graph.hasPointerCapture(event.pointerId)) move(-event.movementX * scale(), -event.movementY * scale());
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
graph.style.aspectRatio = PAGE.width + ' / ' + Math.max(PAGE.height, PAGE.width / 6);
fit();
// On a small screen a part of the graph at a size that can be read.
if (scale() > 1.35) {
  const factor = 1.35 / scale();
  zoom(factor, 0, PAGE.height / 2);
}

// ---- a moment ----

// Which arrow a step goes along.
const arrow_of = (step) => PAGE.arrows.findIndex((arrow) =>
  arrow.from === step.operand && arrow.to === step.operation && arrow.k === step.k);
const point_head = (e, is_back) => {
  if (e < 0) return head_mark.setAttribute('d', '');
  const {path, from, to} = PAGE.arrows[e], numbers = path.match(/-?[\d.]+/g).map(Number);
  const end = is_back ? [NODES[from].x + NODES[from].width, numbers[1]] : numbers.slice(-2);
  head_mark.setAttribute('d', 'M' + end.join(' ') + 'l' + (is_back ? 9 : -9) + ' -6v12z');
};

const draw = (n, values, locals) => {
  const moment = moment_at(n), is_back = moment.steps >= 0;
  const {sums} = gradients_after(locals, Math.max(0, moment.steps));
  const step = moment.steps > 0 ? STEPS[moment.steps - 1] : null;
  const present = step ? step.operand : moment.steps === 0 ? ROOT : n > 0 ? COMPUTED[n - 1] : -1;
  const known = new Set(COMPUTED.slice(0, moment.computed));
  NODES.forEach((node, i) => {
    const {group, data, gradient} = cards[i], is_known = !node.op || known.has(i);
    group.classList.toggle('later', !is_known);
    group.classList.toggle('marked', i === present);
    data.textContent = is_known ? text_of(values[i]) : '';
    const sum = is_back && !node.constant ? sums[i] : undefined;
    gradient.textContent = text_of(sum);
    gradient.setAttribute('class', 'gradient ' + (sum < 0 ? 'below' : 'above'));
    group.setAttribute('aria-label', node.heading + (is_known ? ', data ' + text_of(values[i]) : '') +
      (sum === undefined ? '' : ', gradient ' + text_of(sum)));
  });
  if (present >= 0) bring(present);
  const marked = step ? arrow_of(step) : -1;
  STEPS.forEach((each, s) => {
    const e = arrow_of(each);
    if (e >= 0) arrows[e].classList.toggle('dead', locals[s] === 0);
  });
  arrows.forEach((arrow, e) => arrow.classList.toggle('marked',
    step ? e === marked : !is_back && PAGE.arrows[e].to === present));
  point_head(marked, true);
};
)js";
}

}  // namespace autograd::detail
