#include "autograd/symbolic/terms.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <autograd/explain/rules.hpp>

namespace autograd::detail {

namespace {

// Longer ones stay terms of their own, so that a sum that grows step by step is not copied with
// every step.
constexpr std::size_t kOpened = 8;

void append(std::string& key, const void* bytes, std::size_t size) {
  key.append(static_cast<const char*>(bytes), size);
}
void append(std::string& key, const Coefficient& x) { append(key, &x.value, sizeof x.value); }

// Sums and products in another order are the same.
std::string key_of(const Term& term) {
  std::string key(1, static_cast<char>(term.kind));
  append(key, term.coefficient);
  std::vector<Term::Part> parts = term.parts;
  if (term.kind == Term::Kind::kSum || term.kind == Term::Kind::kProduct)
    std::ranges::sort(parts, {}, &Term::Part::first);
  for (const auto& [id, coefficient] : parts) {
    append(key, &id, sizeof id);
    append(key, coefficient);
  }
  return key + term.name;
}

// Parts of which the same term is there once, with the coefficients added.
class Collected {
 public:
  void add(TermId id, const Coefficient& coefficient) {
    const auto [place, is_new] = places_.emplace(id, parts_.size());
    if (is_new) {
      parts_.push_back({id, coefficient});
    } else {
      parts_[place->second].second = parts_[place->second].second + coefficient;
    }
  }
  // Without those whose coefficient is 0.
  std::vector<Term::Part> parts() const {
    std::vector<Term::Part> result;
    for (const Term::Part& part : parts_) {
      if (!part.second.is(0.0)) result.push_back(part);
    }
    return result;
  }

 private:
  std::vector<Term::Part> parts_;
  std::unordered_map<TermId, std::size_t> places_;
};

}  // namespace

bool Coefficient::is_whole() const { return value == std::round(value) && std::abs(value) < 1e9; }

Coefficient operator+(const Coefficient& x, const Coefficient& y) {
  const Exact exact = x.exact + y.exact;
  return exact ? Coefficient::of(exact) : Coefficient{x.value + y.value, {}};
}

Coefficient operator*(const Coefficient& x, const Coefficient& y) {
  const Exact exact = x.exact * y.exact;
  return exact ? Coefficient::of(exact) : Coefficient{x.value * y.value, {}};
}

Coefficient power(const Coefficient& x, const Coefficient& exponent) {
  const Exact exact = power(x.exact, exponent.exact);
  return exact ? Coefficient::of(exact) : Coefficient{std::pow(x.value, exponent.value), {}};
}

TermId Terms::only(Term term) {
  const auto [place, is_new] = places_.emplace(key_of(term), static_cast<TermId>(terms_.size()));
  if (is_new) terms_.push_back(std::move(term));
  return place->second;
}

TermId Terms::number(const Coefficient& x) {
  return only({.kind = Term::Kind::kPlainNumber, .coefficient = x});
}

TermId Terms::name(std::string name) {
  return only({.kind = Term::Kind::kName, .name = std::move(name)});
}

TermId Terms::sum(std::span<const Part> parts) {
  Collected collected;
  const TermId one = number(1.0);
  const auto add = [&](TermId id, const Coefficient& coefficient) {
    const Term& term = terms_[id];
    if (term.kind == Term::Kind::kPlainNumber) {
      collected.add(one, coefficient * term.coefficient);
    } else if (term.kind == Term::Kind::kProduct && !term.coefficient.is(1.0)) {
      const Coefficient own = term.coefficient;
      const std::vector<Part> factors = term.parts;
      collected.add(product(Coefficient::of(1.0), factors), coefficient * own);
    } else {
      collected.add(id, coefficient);
    }
  };
  for (const auto& [id, coefficient] : parts) {
    if (terms_[id].kind != Term::Kind::kSum || terms_[id].parts.size() > kOpened) {
      add(id, coefficient);
      continue;
    }
    const std::vector<Part> inner = terms_[id].parts;
    for (const auto& [each, factor] : inner) add(each, coefficient * factor);
  }
  std::vector<Part> result = collected.parts();
  join_choices(result);
  if (result.empty()) return number(0.0);
  if (result.size() == 1) {
    const Part factor{result[0].first, Coefficient::of(1.0)};
    return product(result[0].second, std::span(&factor, 1));
  }
  return only({.kind = Term::Kind::kSum, .parts = std::move(result)});
}

// (c ? x : y) + (c ? z : w) is c ? x + z : y + w.
void Terms::join_choices(std::vector<Part>& parts) {
  const auto is_choice = [&](const Part& part) {
    return terms_[part.first].kind == Term::Kind::kChoice;
  };
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!is_choice(parts[i])) continue;
    const TermId condition = terms_[parts[i].first].parts[0].first;
    std::vector<Part> yes, no;
    const auto end = std::remove_if(
        parts.begin() + static_cast<std::ptrdiff_t>(i), parts.end(), [&](const Part& part) {
          if (!is_choice(part) || terms_[part.first].parts[0].first != condition) return false;
          yes.push_back({terms_[part.first].parts[1].first, part.second});
          no.push_back({terms_[part.first].parts[2].first, part.second});
          return true;
        });
    parts.erase(end, parts.end());
    const TermId both = choice(condition, sum(yes), sum(no));
    parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(i), {both, Coefficient::of(1.0)});
  }
}

// Of several powers of e one: exp(x) exp(y) is exp(x + y).
void Terms::join_exponentials(std::vector<Part>& factors) {
  const auto is_exponential = [&](const Part& factor) {
    const Term& term = terms_[factor.first];
    return term.kind == Term::Kind::kCall && term.name == "exp";
  };
  if (std::ranges::count_if(factors, is_exponential) < 2) return;
  std::vector<Part> exponents;
  for (const Part& factor : factors) {
    if (is_exponential(factor))
      exponents.push_back({terms_[factor.first].parts[0].first, factor.second});
  }
  std::erase_if(factors, is_exponential);
  factors.push_back({call("exp", {sum(exponents)}), Coefficient::of(1.0)});
}

// A product with a choice between numbers is a choice between products.
TermId Terms::distributed(const Coefficient& coefficient, std::vector<Part> factors,
                          std::size_t at) {
  const Term chosen = terms_[factors[at].first];
  factors.erase(factors.begin() + static_cast<std::ptrdiff_t>(at));
  const auto side = [&](std::size_t i) {
    return product(coefficient * terms_[chosen.parts[i].first].coefficient, factors);
  };
  return choice(chosen.parts[0].first, side(1), side(2));
}

TermId Terms::product(const Coefficient& coefficient, std::span<const Part> factors) {
  Coefficient all = coefficient;
  Collected collected;
  const auto add = [&](TermId id, const Coefficient& exponent) {
    const Term& term = terms_[id];
    if (term.kind == Term::Kind::kPlainNumber) {
      all = all * detail::power(term.coefficient, exponent);
    } else if (term.kind == Term::Kind::kCall && term.name == "sqrt" && exponent.is_whole() &&
               std::fmod(exponent.value, 2.0) == 0.0) {
      collected.add(term.parts[0].first, exponent * Coefficient::of(0.5));  // sqrt(x)^2 is x
    } else {
      collected.add(id, exponent);
    }
  };
  for (const auto& [id, exponent] : factors) {
    const bool is_opened = terms_[id].kind == Term::Kind::kProduct && exponent.is_whole() &&
                           terms_[id].parts.size() <= kOpened;
    if (!is_opened) {
      add(id, exponent);
      continue;
    }
    all = all * detail::power(terms_[id].coefficient, exponent);
    const std::vector<Part> inner = terms_[id].parts;
    for (const auto& [each, power] : inner) add(each, power * exponent);
  }
  std::vector<Part> result = collected.parts();
  join_exponentials(result);
  if (result.empty() || all.is(0.0)) return number(all);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const Term& term = terms_[result[i].first];
    if (term.kind == Term::Kind::kChoice && result[i].second.is(1.0) &&
        (result.size() > 1 || !all.is(1.0)) &&
        terms_[term.parts[1].first].kind == Term::Kind::kPlainNumber &&
        terms_[term.parts[2].first].kind == Term::Kind::kPlainNumber)
      return distributed(all, result, i);
  }
  if (all.is(1.0) && result.size() == 1 && result[0].second.is(1.0)) return result[0].first;
  return only({.kind = Term::Kind::kProduct, .coefficient = all, .parts = std::move(result)});
}

TermId Terms::product(TermId x, TermId y) {
  const Part factors[] = {{x, Coefficient::of(1.0)}, {y, Coefficient::of(1.0)}};
  return product(Coefficient::of(1.0), factors);
}

TermId Terms::power(TermId base, TermId exponent) {
  if (terms_[exponent].kind != Term::Kind::kPlainNumber) return call("pow", {base, exponent});
  const Part factor{base, terms_[exponent].coefficient};
  return product(Coefficient::of(1.0), std::span(&factor, 1));
}

// exp(x + k log y) is exp(x) y^k, for whole k.
TermId Terms::exponential(TermId exponent) {
  const Part whole{exponent, Coefficient::of(1.0)};
  const std::vector<Part> terms =
      terms_[exponent].kind == Term::Kind::kSum ? terms_[exponent].parts : std::vector<Part>{whole};
  std::vector<Part> rest, factors;
  for (const Part& part : terms) {
    const Term& term = terms_[part.first];
    if (term.kind == Term::Kind::kCall && term.name == "log" && part.second.is_whole()) {
      factors.push_back({term.parts[0].first, part.second});
    } else {
      rest.push_back(part);
    }
  }
  if (factors.empty()) return only({.kind = Term::Kind::kCall, .name = "exp", .parts = {whole}});
  factors.insert(factors.begin(), {call("exp", {sum(rest)}), Coefficient::of(1.0)});
  return product(Coefficient::of(1.0), factors);
}

TermId Terms::call(std::string name, std::vector<TermId> arguments) {
  Term term{.kind = Term::Kind::kCall, .name = std::move(name)};
  std::vector<Formula> numbers;
  for (const TermId each : arguments) {
    term.parts.push_back({each, Coefficient::of(1.0)});
    if (terms_[each].kind == Term::Kind::kPlainNumber)
      numbers.push_back(Formula::of(terms_[each].coefficient.value));
  }
  // Of numbers it is computed where the result is whole: exp(0), not exp(1).
  if (numbers.size() == arguments.size()) {
    const double value = evaluate(Formula::of(Formula::Kind::kCall, std::move(numbers), term.name));
    if (Coefficient{value, {}}.is_whole()) return number(value);
  }
  if (term.name == "exp") return exponential(arguments[0]);
  return only(std::move(term));
}

TermId Terms::comparison(std::string sign, TermId x, TermId y) {
  // A comparison is 1 or 0: whether it is not 0 is the same again.
  const bool is_truth = sign == "!=" && terms_[x].kind == Term::Kind::kComparison &&
                        terms_[y].kind == Term::Kind::kPlainNumber && terms_[y].coefficient.is(0.0);
  if (is_truth) return x;
  const Coefficient one = Coefficient::of(1.0);
  return only(
      {.kind = Term::Kind::kComparison, .name = std::move(sign), .parts = {{x, one}, {y, one}}});
}

TermId Terms::choice(TermId condition, TermId yes, TermId no) {
  if (yes == no) return yes;
  const Coefficient one = Coefficient::of(1.0);
  return only({.kind = Term::Kind::kChoice, .parts = {{condition, one}, {yes, one}, {no, one}}});
}

}  // namespace autograd::detail
