#include "autograd/symbolic/written.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace autograd::detail {

namespace {

using Kind = Formula::Kind;

// A part that is used twice is named if it has so many names and signs; one that is deeper than
// this is named as well.
constexpr std::size_t kLong = 4, kDeep = 30;

class Writer {
 public:
  Writer(const Terms& terms, const std::unordered_map<TermId, std::string>& labels,
         const std::unordered_set<std::string>& used)
      : terms_(terms), labels_(labels), used_(used) {}

  std::vector<NamedFormula> write(TermId root) {
    count_uses(root);
    std::vector<std::size_t> length(root + 1, 0), depth(root + 1, 0);
    std::vector<NamedFormula> result;
    names_.resize(root + 1);
    for (TermId id = 0; id <= root; ++id) {
      if (uses_[id] == 0) continue;
      const Term& term = terms_[id];
      length[id] = depth[id] = 1;
      for (const Term::Part& part : term.parts) {
        length[id] += length[part.first];
        depth[id] = std::max(depth[id], depth[part.first] + 1);
      }
      const bool is_atom = term.kind == Term::Kind::kPlainNumber || term.kind == Term::Kind::kName;
      const bool is_named = (uses_[id] > 1 && length[id] >= kLong) || depth[id] > kDeep;
      if (id == root || is_atom || !is_named) continue;
      Formula formula = formula_of(id);
      names_[id] = new_name(id);
      result.push_back({names_[id], std::move(formula)});
      length[id] = depth[id] = 1;
    }
    result.push_back({"", formula_of(root)});
    return result;
  }

 private:
  void count_uses(TermId root) {
    uses_.assign(root + 1, 0);
    uses_[root] = 1;
    for (TermId id = root + 1; id-- > 0;) {
      if (uses_[id] == 0) continue;
      for (const Term::Part& part : terms_[id].parts) ++uses_[part.first];
    }
  }

  std::string new_name(TermId id) {
    const auto label = labels_.find(id);
    if (label != labels_.end()) return label->second;
    std::string name;
    do {
      name.assign(1, 's').append(std::to_string(++count_));
    } while (used_.contains(name));
    return name;
  }

  Formula formula(TermId id) const {
    return names_[id].empty() ? formula_of(id) : Formula::of(names_[id]);
  }

  Formula formula_of(TermId id) const {
    const Term& term = terms_[id];
    switch (term.kind) {
      case Term::Kind::kPlainNumber:
        return product(term.coefficient, {});
      case Term::Kind::kName:
        return Formula::of(term.name);
      case Term::Kind::kSum:
        return sum(term);
      case Term::Kind::kProduct:
        return product(term.coefficient, term.parts);
      case Term::Kind::kCall:
        return call(term);
      case Term::Kind::kComparison:
        return Formula::of(Kind::kComparison,
                           {formula(term.parts[0].first), formula(term.parts[1].first)}, term.name);
      case Term::Kind::kChoice:
        return Formula::of(Kind::kChoice,
                           {formula(term.parts[0].first), formula(term.parts[1].first),
                            formula(term.parts[2].first)});
    }
    return {};
  }

  Formula call(const Term& term) const {
    std::vector<Formula> arguments;
    for (const Term::Part& part : term.parts) arguments.push_back(formula(part.first));
    if (term.name == "pow") return Formula::of(Kind::kPower, std::move(arguments));
    return Formula::of(Kind::kCall, std::move(arguments), term.name);
  }

  // It begins with a term that is not taken away, if there is one.
  Formula sum(const Term& term) const {
    std::vector<Formula> parts;
    std::size_t first = 0;
    while (first < term.parts.size() && term.parts[first].second.value < 0) ++first;
    if (first == term.parts.size()) first = 0;
    parts.push_back(scaled(term.parts[first]));
    for (std::size_t i = 0; i < term.parts.size(); ++i) {
      if (i != first) parts.push_back(scaled(term.parts[i]));
    }
    return Formula::of(Kind::kSum, std::move(parts));
  }

  Formula scaled(const Term::Part& part) const {
    const Term& term = terms_[part.first];
    if (names_[part.first].empty() && term.kind == Term::Kind::kProduct)
      return product(part.second * term.coefficient, term.parts);
    const bool is_number = term.kind == Term::Kind::kPlainNumber;
    if (is_number) return product(part.second * term.coefficient, {});
    return product(part.second, {{part.first, Coefficient::of(1.0)}});
  }

  // Names before all else.
  int rank(TermId id) const {
    return !names_[id].empty() || terms_[id].kind == Term::Kind::kName ? 0 : 1;
  }

  Formula product(const Coefficient& coefficient, std::vector<Term::Part> factors) const {
    std::ranges::stable_sort(factors, [&](const Term::Part& x, const Term::Part& y) {
      return rank(x.first) < rank(y.first);
    });
    std::vector<Formula> above, below;
    const bool is_negative = std::signbit(coefficient.value);
    double numerator = std::abs(coefficient.value), denominator = 1.0;
    if (coefficient.exact && coefficient.exact->denominator > 1) {
      numerator = std::abs(static_cast<double>(coefficient.exact->numerator));
      denominator = static_cast<double>(coefficient.exact->denominator);
    }
    if (numerator != 1.0 || std::isnan(numerator)) above.push_back(Formula::of(numerator));
    if (denominator != 1.0) below.push_back(Formula::of(denominator));
    for (const auto& [id, exponent] : factors) {
      const double size = std::abs(exponent.value);
      Formula factor = formula(id);
      if (size != 1.0) {
        Formula power = exponent_of(exponent);
        factor = Formula::of(Kind::kPower, {std::move(factor), std::move(power)});
      }
      (exponent.value > 0 ? above : below).push_back(std::move(factor));
    }
    Formula result = of_factors(std::move(above));
    if (!below.empty())
      result = Formula::of(Kind::kQuotient, {std::move(result), of_factors(std::move(below))});
    return is_negative ? Formula::of(Kind::kNegative, {std::move(result)}) : result;
  }

  static Formula exponent_of(const Coefficient& exponent) {
    if (exponent.exact && exponent.exact->denominator > 1) {
      return Formula::of(Kind::kQuotient,
                         {Formula::of(std::abs(static_cast<double>(exponent.exact->numerator))),
                          Formula::of(static_cast<double>(exponent.exact->denominator))});
    }
    return Formula::of(std::abs(exponent.value));
  }

  static Formula of_factors(std::vector<Formula> factors) {
    if (factors.empty()) return Formula::of(1.0);
    return factors.size() == 1 ? std::move(factors[0])
                               : Formula::of(Kind::kProduct, std::move(factors));
  }

  const Terms& terms_;
  const std::unordered_map<TermId, std::string>& labels_;
  const std::unordered_set<std::string>& used_;
  std::vector<std::size_t> uses_;
  std::vector<std::string> names_;
  std::size_t count_ = 0;
};

}  // namespace

std::vector<NamedFormula> written(const Terms& terms, TermId root,
                                  const std::unordered_map<TermId, std::string>& labels,
                                  const std::unordered_set<std::string>& used) {
  return Writer(terms, labels, used).write(root);
}

}  // namespace autograd::detail
