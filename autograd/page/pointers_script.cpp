// Moving and zooming the drawing of a page: by wheel, fingers, keys and buttons.
#include <autograd/page/source.hpp>

namespace autograd::detail {

std::string_view page_pointers_script() {
  return R"js(
const view = {x: 0, y: 0, width: 1, height: 1};
const show_view = () => graph.setAttribute('viewBox', [view.x, view.y, view.width, view.height].join(' '));
const fit = () => {
  const {width, height} = shown_drawing.drawing;
  Object.assign(view, {x: 0, y: -8, width, height: height + 8});  // with room for tabs
  show_view();
};
const zoom = (factor, x = view.x + view.width / 2, y = view.y + view.height / 2) => {
  if (view.width * factor < 80 || view.width * factor > 8 * shown_drawing.drawing.width) return;
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
// Where a place on the screen is in the drawing.
const point_at = (x, y) => {
  const box = graph.getBoundingClientRect(), by_pixel = scale();
  return [view.x + view.width / 2 + (x - box.left - box.width / 2) * by_pixel,
          view.y + view.height / 2 + (y - box.top - box.height / 2) * by_pixel];
};
// So that a card with the focus can be seen: as little as it takes, with some room around it.
const bring = (c) => {
  const {x, y, width} = shown_drawing.drawing.cards[c], room = 24;
  view.x = Math.min(Math.max(view.x, x + width + room - view.width), x - room);
  view.y = Math.min(Math.max(view.y, y + PAGE.cardHeight + room - view.height), y - room);
  show_view();
};
graph.addEventListener('wheel', (event) => {
  event.preventDefault();
  zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, ...point_at(event.clientX, event.clientY));
}, {passive: false});

// One pointer moves the drawing, two zoom it about the middle between them.
const pointers = new Map();
let way = 0;  // that pointers have gone since the first was pressed, in pixels
graph.addEventListener('pointerdown', (event) => {
  if (event.button !== 0) return;
  if (pointers.size === 0) way = 0;
  pointers.set(event.pointerId, {x: event.clientX, y: event.clientY});
});
const span_of = ([a, b]) => ({x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, far: Math.hypot(a.x - b.x, a.y - b.y)});
addEventListener('pointermove', (event) => {
  const before = pointers.get(event.pointerId), now = {x: event.clientX, y: event.clientY};
  if (before === undefined || pointers.size > 2) return;
  const both = [...pointers.values()];
  pointers.set(event.pointerId, now);
  way += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
  if (pointers.size === 1) return move((before.x - now.x) * scale(), (before.y - now.y) * scale());
  const old = span_of(both), span = span_of([...pointers.values()]);
  move((old.x - span.x) * scale(), (old.y - span.y) * scale());
  if (old.far > 0 && span.far > 0) zoom(old.far / span.far, ...point_at(span.x, span.y));
});
for (const name of ['pointerup', 'pointercancel']) addEventListener(name, (event) => pointers.delete(event.pointerId));

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
)js";
}

}  // namespace autograd::detail
