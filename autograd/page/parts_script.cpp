// The parts of a page, open or closed one by one: without a browser.
#include <autograd/page/source.hpp>

namespace autograd::detail {

std::string_view page_parts_script() {
  return R"js(
// Parts are numbered, an inner one after the one it lies in; 0 is the whole graph and always open.
const PARTS = PAGE.parts, PART_OF = PAGE.partOf;
PARTS[0].depth = 0;
for (let p = 1; p < PARTS.length; ++p) PARTS[p].depth = PARTS[PARTS[p].parent].depth + 1;
const path_of = (p) => p === 0 ? '' : [path_of(PARTS[p].parent), PARTS[p].name].filter(Boolean).join(', ');
const DEEPEST = Math.max(...PARTS.map((part) => part.depth));
// "layer" of layer 1 and layer 2; "level 2" of parts without a common word.
const kind_at = (depth) => {
  const kinds = new Set(PARTS.filter((part) => part.depth === depth).map((part) => part.name.replace(/ *\d*$/, '')));
  return kinds.size === 1 && !kinds.has('') ? [...kinds][0] : 'level ' + depth;
};
const parts_above = (depth) => new Set(PARTS.map((part, p) => p).filter((p) => PARTS[p].depth < depth));
const ALL_PARTS = parts_above(DEEPEST + 1);

// By part: itself or the outermost closed one around it; 0 if all of them are open.
const closed_around = (open) => {
  const closed = [0];
  for (let p = 1; p < PARTS.length; ++p)
    closed.push(closed[PARTS[p].parent] || (open.has(p) ? 0 : p));
  return closed;
};
// How many cards that would be.
const count_cards = (open) => {
  const closed = closed_around(open), parts = new Set();
  let count = 0;
  for (const p of PART_OF) {
    if (closed[p] === 0) ++count;
    else parts.add(closed[p]);
  }
  return count + parts.size;
};

const part_width = (heading) => Math.max(PAGE.leastWidth, 20 + 7.6 * [...heading].length);
// The drawing with these parts open: {cards, arrows, width, height, cardOf, partOf}. cardOf is -1 of a
// value that is left out: `shown` are the others, from the first to the last.
const drawing_of = (open, shown = NODES.map((node, i) => i)) => {
  if (PAGE.drawing && open.size === ALL_PARTS.size)
    return {...PAGE.drawing, cardOf: NODES.map((node, i) => i), partOf: PAGE.drawing.cards.map(() => 0)};
  const closed = closed_around(open), cards = [], partOf = [], card_of_part = {}, members = [];
  const cardOf = new Int32Array(NODES.length).fill(-1);
  for (const i of shown) {
    const p = closed[PART_OF[i]], known = p > 0 ? card_of_part[p] : undefined;
    cardOf[i] = known ?? cards.length;
    if (known !== undefined) {
      members[known].push(i);
      continue;
    }
    card_of_part[p] = cards.length;
    partOf.push(p);
    members.push([i]);
    cards.push(p > 0 ? {heading: path_of(p), width: part_width(path_of(p))} : card_at(i));
  }
  cards.forEach((card, c) => {
    card.middle = members[c].reduce((sum, i) => sum + middle_of(i), 0) / members[c].length;
  });
  const arrows = [], drawn = new Set();
  for (const i of shown) (NODES[i].operands || []).forEach((j, k) => {
    const from = j < 0 ? -1 : cardOf[j], to = cardOf[i];
    if (from < 0 || to < 0 || from === to) return;
    const is_plain = partOf[from] === 0 && partOf[to] === 0, key = from + ' ' + to;
    if (!is_plain && drawn.has(key)) return;
    drawn.add(key);
    arrows.push({from, to, k: is_plain ? k : -1});  // -1: for all uses between these two
  });
  return {...arrange_cards(cards, arrows, PAGE.cardHeight), cardOf, partOf};
};
const card_at = (i) => PAGE.drawing
  ? {heading: PAGE.drawing.cards[i].heading, width: PAGE.drawing.cards[i].width}
  : {heading: NODES[i].heading, width: part_width(NODES[i].heading)};
const middle_of = (i) => PAGE.drawing ? PAGE.drawing.cards[i].y + PAGE.cardHeight / 2 : i;
)js";
}

}  // namespace autograd::detail
