// A graph as cards, with its parts as one card each: what is drawn where parts are closed.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <autograd/inspect/graph_view.hpp>
#include <autograd/page/cards.hpp>

namespace autograd::detail {

struct FoldedCards : CardDrawing {
  std::string name;                  // "layer", if that is what its parts are called
  std::vector<std::size_t> card_of;  // by node of the explanation
  std::vector<bool> is_part;         // by card
};

// From the outermost parts inwards: each has more cards than the one before it, and fewer than
// `all`, which are those of the view without plain numbers.
std::vector<FoldedCards> folded_cards(const GraphView& view, const Cards& all, int digits);

}  // namespace autograd::detail
