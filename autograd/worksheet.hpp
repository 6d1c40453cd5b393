// Worksheets of the chain rule: an explanation with blanks, its key, and a checker that says what
// went wrong.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <autograd/value.hpp>

namespace autograd {

// What is left to the student.
enum class Difficulty {
  kEasy,    // the derivatives by the leaves; all others are given
  kMedium,  // all derivatives but the local ones
  kHard,    // all values of operations, local derivatives and derivatives
};

enum class Mistake {
  kNone,               // the answer is right
  kSign,               // it has the other sign
  kReciprocal,         // divided instead of multiplied, or turned over
  kUpstreamForgotten,  // the local derivative alone
  kInnerForgotten,     // what arrives alone, without the local derivative
  kOtherOperand,       // times the derivative by another operand
  kMissingFactor,      // a factor further up is left out
  kUseForgotten,       // one use of a sum is left out
  kWrongPoint,         // the local derivative at another number
  kNotRecognised,      // wrong in a way that is none of these
};

struct WorksheetOptions {
  Difficulty difficulty = Difficulty::kMedium;
  int digits = 6;           // significant digits of the numbers that are given, 1 to 17
  double tolerance = 5e-4;  // relative: an answer may be rounded
};

class Worksheet {
 public:
  struct Blank {
    std::string name;  // df/dw0
    double answer;
  };
  struct Checked {
    // kNone alone if the answer is right. Several where it could be each of them; never a guess:
    // kNotRecognised alone if it is none that is known.
    std::vector<Mistake> mistakes;
    std::string message;  // one sentence for each, with names and numbers

    bool is_right() const { return mistakes.front() == Mistake::kNone; }
  };

  // Throws: Error for digits or a tolerance out of range.
  // Cost:   quadratic in the operations: for graphs that fit on a sheet.
  explicit Worksheet(const Value& y, const WorksheetOptions& options = {});
  ~Worksheet();
  Worksheet(Worksheet&&) noexcept;
  Worksheet& operator=(Worksheet&&) noexcept;

  // In the order of their numbers, which begin with 1.
  const std::vector<Blank>& blanks() const;
  std::string text() const;  // with blanks: (1) ______
  std::string key() const;   // the answers, line by line
  // Throws: Error if there is no blank of this number.
  Checked check(std::size_t blank, double answer) const;
  // A line for each answer.
  // Throws: Error if there is not one for each blank.
  std::string check_all(std::span<const double> answers) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Checks a derivative that somebody claims, as text: check_claim(f, w0, "-x0/(w0*x0 + w1)"). Leaves go
// by their labels. It is compared with the derivative at several points.
// Throws: Error if the text is no expression, or has a name that is no leaf of y.
Worksheet::Checked check_claim(const Value& y, const Value& x, std::string_view claim);

}  // namespace autograd
