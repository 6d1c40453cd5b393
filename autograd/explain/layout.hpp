// An explanation as lines and tables, in one notation: what all formats are laid out from.
#pragma once

#include <string>
#include <vector>

#include <autograd/explain.hpp>

namespace autograd::detail {

// a = b = c, and a remark.
struct Line {
  std::vector<std::string> sides;
  std::string remark = {};  // plain words
  bool is_local = false;    // a local derivative, on the way to others
};

struct Section {
  std::string title;  // plain words
  std::vector<Line> lines = {};
  std::vector<std::vector<std::string>> table = {};  // plain words; the first row is the heading
  std::string alignment = {};                        // of its columns, l or r
  std::string words = {};                            // a sentence
};

std::vector<Section> sections(const Explanation& explanation, Notation notation);

// dy/dx
std::string derivative(Notation notation, const std::string& y, const std::string& x);

}  // namespace autograd::detail
