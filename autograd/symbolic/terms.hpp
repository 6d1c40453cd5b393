// Terms: formulas in a normal form, each of them there once.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <autograd/explain/fraction.hpp>

namespace autograd::detail {

// A number, exact as long as it is a fraction of 64 bits.
struct Coefficient {
  double value = 0.0;
  Exact exact = {};

  static Coefficient of(double x) { return {x, detail::exact(x)}; }
  static Coefficient of(const Exact& x) { return {x->value(), x}; }
  bool is(double x) const { return value == x; }
  bool is_whole() const;
};
Coefficient operator+(const Coefficient& x, const Coefficient& y);
Coefficient operator*(const Coefficient& x, const Coefficient& y);
// For whole exponents it is exact.
Coefficient power(const Coefficient& x, const Coefficient& exponent);

// The place of a term; those that it is made of have lower ones.
using TermId = std::uint32_t;

struct Term {
  enum class Kind : std::uint8_t {
    kPlainNumber,  // coefficient
    kName,         // name
    kSum,          // the sum of coefficient * term over the parts
    kProduct,      // coefficient times the product of term ^ coefficient over the parts
    kCall,         // name of the parts
    kComparison,   // two parts with the sign `name` between
    kChoice,       // condition, the part where it holds, the other part
  };
  using Part = std::pair<TermId, Coefficient>;

  Kind kind = Kind::kPlainNumber;
  std::string name = {};
  Coefficient coefficient = Coefficient::of(1.0);
  std::vector<Part> parts = {};
};

// Equal terms have one place. What is simplified, is simplified when a term is made.
class Terms {
 public:
  using Part = Term::Part;

  TermId number(const Coefficient& x);
  TermId number(double x) { return number(Coefficient::of(x)); }
  TermId name(std::string name);
  // Like terms are added, sums of few terms within it opened.
  TermId sum(std::span<const Part> parts);
  // Powers of the same base are collected.
  TermId product(const Coefficient& coefficient, std::span<const Part> factors);
  TermId product(TermId x, TermId y);
  TermId power(TermId base, TermId exponent);
  TermId call(std::string name, std::vector<TermId> arguments);
  TermId comparison(std::string sign, TermId x, TermId y);
  TermId choice(TermId condition, TermId yes, TermId no);

  const Term& operator[](TermId id) const { return terms_[id]; }
  std::size_t size() const { return terms_.size(); }

 private:
  TermId only(Term term);  // its place, a new one if it is not there yet
  void join_choices(std::vector<Part>& parts);
  void join_exponentials(std::vector<Part>& factors);
  TermId distributed(const Coefficient& coefficient, std::vector<Part> factors, std::size_t at);
  TermId exponential(TermId exponent);

  std::vector<Term> terms_;
  std::unordered_map<std::string, TermId> places_;  // by all that is in a term
};

}  // namespace autograd::detail
