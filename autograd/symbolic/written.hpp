// Terms as formulas, with names for the parts that are used more than once.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <autograd/formula.hpp>
#include <autograd/symbolic/terms.hpp>

namespace autograd::detail {

// A name and what it stands for.
struct NamedFormula {
  std::string name;
  Formula formula;
};

// The parts that have names, each after those that it uses, and last the whole without a name.
// `labels` are names for some terms, `used` are names that are taken.
// Cost: linear in the terms below `root`, without recursion that is deeper than a formula.
std::vector<NamedFormula> written(const Terms& terms, TermId root,
                                  const std::unordered_map<TermId, std::string>& labels,
                                  const std::unordered_set<std::string>& used);

}  // namespace autograd::detail
