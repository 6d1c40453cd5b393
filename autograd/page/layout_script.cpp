// Cards in columns, for drawings that are chosen by the reader: without a browser.
#include <autograd/page/source.hpp>

namespace autograd::detail {

std::string_view page_layout_script() {
  return R"js(
// Cards with a width, and a height `middle` where each would like to be; arrows {from, to} between
// them, which may go round in circles. The cards get their places and the arrows their paths, in
// the way of draw/layered_layout.hpp: columns by the longest path, an order within them that crosses
// few arrows.
const ACROSS = 62, DOWN = 20, BEND = 8, CORNER = 24;

// So that arrows lead to later cards, as far as there are no circles.
const sorted_places = (count, arrows) => {
  const waiting = new Array(count).fill(0), place = new Array(count).fill(-1), leaving = waiting.map(() => []);
  for (const {from, to} of arrows) {
    ++waiting[to];
    leaving[from].push(to);
  }
  for (let next = 0; next < count; ++next) {
    let best = -1;  // the first that waits for least
    for (let i = 0; i < count; ++i)
      if (place[i] < 0 && (best < 0 || waiting[i] < waiting[best])) best = i;
    place[best] = next;
    for (const to of leaving[best]) --waiting[to];
  }
  return place;
};

// The heights nearest to the wanted ones at which the items of a column, from the top to the foot, do
// not overlap: those that would are moved as one.
const stack = (items) => {
  const groups = [];
  let above = 0;
  for (const item of items) {
    item.below = above + item.height / 2;
    above += item.height + DOWN;
    groups.push({sum: item.wanted - item.below, count: 1});
    for (let g = groups.length - 1; g > 0; --g) {
      const upper = groups[g - 1], lower = groups[g];
      if (upper.sum / upper.count <= lower.sum / lower.count) break;
      upper.sum += lower.sum;
      upper.count += lower.count;
      groups.pop();
    }
  }
  let at = 0;
  for (const {sum, count} of groups)
    for (let k = 0; k < count; ++k, ++at) items[at].y = sum / count + items[at].below;
};

const arrange_cards = (cards, arrows, card_height) => {
  const place = sorted_places(cards.length, arrows);
  const forward = arrows.filter(({from, to}) => place[from] < place[to]);
  const by_place = cards.map((card, c) => c).sort((a, b) => place[a] - place[b]);
  const arriving = cards.map(() => []), leaving = cards.map(() => []);
  for (const arrow of forward) {
    arriving[arrow.to].push(arrow.from);
    leaving[arrow.from].push(arrow.to);
  }
  const column = cards.map(() => 0);
  for (const c of by_place)
    for (const from of arriving[c]) column[c] = Math.max(column[c], column[from] + 1);
  for (const c of by_place)  // a leaf stands beside the operation that uses it first
    if (arriving[c].length === 0 && leaving[c].length > 0) column[c] = Math.min(...leaving[c].map((to) => column[to])) - 1;

  // Items of the columns: cards, and a bend in each column that an arrow crosses.
  const columns = [];
  const add = (item) => {
    (columns[item.column] = columns[item.column] || []).push(item);
    return item;
  };
  const items = cards.map((card, c) =>
    add({column: column[c], height: card_height, wanted: card.middle, left: [], right: []}));
  const link = (from, to) => {
    from.right.push(to);
    to.left.push(from);
  };
  const bends = new Map();
  for (const arrow of forward) {
    const from = items[arrow.from], to = items[arrow.to], through = [];
    for (let k = from.column + 1; k < to.column; ++k) {
      const share = (k - from.column) / (to.column - from.column);
      through.push(add({column: k, height: BEND, wanted: from.wanted + (to.wanted - from.wanted) * share, left: [], right: []}));
    }
    [from, ...through, to].reduce((before, after) => { link(before, after); return after; });
    bends.set(arrow, through);
  }
  const used = columns.filter(Boolean);
  for (const each of used) {
    each.sort((a, b) => a.wanted - b.wanted);
    stack(each);
  }
  const mean = (list) => list.reduce((sum, item) => sum + item.y, 0) / list.length;
  for (let sweep = 0; sweep < 8; ++sweep) {
    const is_back = sweep % 2 === 1;
    for (const each of is_back ? [...used].reverse() : used) {
      for (const item of each) {
        const beside = is_back ? item.right : item.left;
        item.wanted = beside.length > 0 ? mean(beside) : item.y;
      }
      if (sweep < 6) each.sort((a, b) => a.wanted - b.wanted);
      stack(each);
    }
  }
  const top = Math.min(...used.map((each) => each[0].y - each[0].height / 2));
  let x = CORNER, height = 0;
  for (const each of used) {
    for (const item of each) {
      item.y += CORNER - top;
      height = Math.max(height, item.y + item.height / 2 + CORNER);
    }
  }
  columns.forEach((each, k) => {
    each.width = Math.max(BEND, ...cards.filter((card, c) => column[c] === k).map((card) => card.width));
    each.x = x;
    x += each.width + ACROSS;
  });
  cards.forEach((card, c) => {
    const {x: left, width} = columns[column[c]];
    card.x = left + (width - card.width) / 2;
    card.y = items[c].y - card_height / 2;
  });

  // A curve that leaves each of its points to the right; arrows arrive in the order of operands.
  const arrive = cards.map(() => 0), arrived = cards.map(() => 0);
  for (const {to} of arrows) ++arrive[to];
  for (const arrow of arrows) {
    const from = cards[arrow.from], to = cards[arrow.to];
    const points = [{x: from.x + from.width, y: from.y + card_height / 2}];
    for (const bend of bends.get(arrow) || []) {
      const {x: left, width} = columns[bend.column];
      points.push({x: left, y: bend.y}, {x: left + width, y: bend.y});
    }
    points.push({x: to.x - 3, y: to.y + card_height * ++arrived[arrow.to] / (arrive[arrow.to] + 1)});
    arrow.path = 'M' + coordinates(points[0]);
    for (let k = 1; k < points.length; ++k) {
      const middle = (points[k - 1].x + points[k].x) / 2;
      arrow.path += 'C' + [{x: middle, y: points[k - 1].y}, {x: middle, y: points[k].y}, points[k]].map(coordinates).join(' ');
    }
  }
  return {cards, arrows, width: x - ACROSS + CORNER, height};
};
const coordinates = ({x, y}) => x.toFixed(1) + ' ' + y.toFixed(1);
)js";
}

}  // namespace autograd::detail
