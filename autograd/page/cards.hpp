// A graph as cards: what is drawn where the chain rule is stepped through.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <autograd/draw/layered_layout.hpp>
#include <autograd/explain.hpp>
#include <autograd/value.hpp>

namespace autograd::detail {

// Cards and the arrows between them, with their places.
struct CardDrawing {
  struct Arrow {
    std::size_t from, to;  // cards
    std::size_t operand;   // its place among the operands of `to`
    std::string path;      // SVG commands, from the right edge of one card to the left of the other
  };
  struct Card {
    double x, y, width;   // the upper left corner
    std::string heading;  // y1 = w0*x0, cut where it is long
  };
  static constexpr double kHeight = 62;

  std::vector<Card> cards;
  std::vector<Arrow> arrows;
  double width = 0, height = 0;

  // Finds the places, from the widths of the cards and the ends of the arrows. The first card stands
  // at the corner; as much room is left at the other sides. Arrows should lead to later cards; one
  // that does not is drawn as it comes.
  void lay_out(LayeredLayout::Point corner);
};

// As wide as its heading and numbers of so many digits need it.
CardDrawing::Card card_with(std::string heading, int digits);

// A card for each node of the explanation, plain numbers left out; an arrow for each use of one card
// by another, two of them for a + a.
struct Cards : CardDrawing {
  Explanation explanation;
};

Cards cards_of(const Value& y, int digits, LayeredLayout::Point corner = {14, 14});

}  // namespace autograd::detail
