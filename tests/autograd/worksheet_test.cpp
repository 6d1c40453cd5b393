// Worksheets: blanks, their key, and a checker that names each mistake or none.

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/expression.hpp>
#include <autograd/worksheet.hpp>
#include <tests/support/helpers.hpp>

using namespace autograd;
using helpers::contains;

namespace {

using Mistakes = std::vector<Mistake>;

struct Exercise {
  Variables names;
  Value y;

  explicit Exercise(const std::string& text) : y(Expression(text).evaluate_into(names)) {}
  Value at(const std::string& name) const { return std::get<Value>(names.at(name)); }
};

// The check of an answer to the blank of this name.
Worksheet::Checked check(const Exercise& exercise, const std::string& name, double answer) {
  const Worksheet sheet(exercise.y);
  for (std::size_t i = 0; i < sheet.blanks().size(); ++i) {
    if (sheet.blanks()[i].name == name) return sheet.check(i + 1, answer);
  }
  FAIL("no blank ", name);
  return {};
}

// E = (o - t)^2 / 2, o = sin(net), net = w x + b.
const std::string kNeuron =
    "w = 0.5; x = 1.7; b = 0.3; t = 0.2; p = w*x; net = p + b; o = sin(net); d = o - t; "
    "E = 0.5*d^2";

}  // namespace

TEST_CASE("worksheet: three difficulties, and the key behind") {
  const Exercise exercise("w0 = -2; x0 = 3; w1 = 4; y1 = w0*x0; y2 = y1 + w1; f = 1/y2");
  const Worksheet easy(exercise.y, {.difficulty = Difficulty::kEasy});
  CHECK(easy.text() ==
        "Forward\n"
        "  w0 = -2\n"
        "  x0 = 3\n"
        "  y1 = w0*x0 = -6\n"
        "  w1 = 4\n"
        "  y2 = y1 + w1 = -2\n"
        "  f = 1/y2 = -0.5\n"
        "\n"
        "Backward\n"
        "  df/dy2 = -f/y2 = -0.25\n"
        "  dy2/dy1 = 1\n"
        "  dy2/dw1 = 1\n"
        "  df/dw1 = df/dy2 * dy2/dw1 = (1) ________\n"
        "  df/dy1 = df/dy2 * dy2/dy1 = -0.25\n"
        "  dy1/dw0 = x0 = 3\n"
        "  dy1/dx0 = w0 = -2\n"
        "  df/dx0 = df/dy1 * dy1/dx0 = (2) ________\n"
        "  df/dw0 = df/dy1 * dy1/dw0 = (3) ________\n");
  CHECK(easy.key() == "Key\n  (1) df/dw1 = -0.25\n  (2) df/dx0 = 0.5\n  (3) df/dw0 = -0.75\n");
  CHECK(Worksheet(exercise.y).blanks().size() == 4);
  const Worksheet hard(exercise.y, {.difficulty = Difficulty::kHard});
  CHECK(hard.blanks().size() == 12);
  CHECK(contains(hard.text(), "  y1 = w0*x0 = (1) ________\n"));
  CHECK(contains(hard.text(), "  w0 = -2\n"));
  for (std::size_t i = 0; i < hard.blanks().size(); ++i)
    CHECK(hard.check(i + 1, hard.blanks()[i].answer).is_right());
}

TEST_CASE("worksheet: the answers are the gradients") {
  const Exercise exercise(kNeuron);
  const Worksheet sheet(exercise.y, {.difficulty = Difficulty::kEasy});
  exercise.y.backward();
  for (const Worksheet::Blank& blank : sheet.blanks())
    CHECK(blank.answer == exercise.at(blank.name.substr(4)).grad());
  CHECK(check(exercise, "dE/dw", std::round(exercise.at("w").grad() * 1e4) / 1e4).is_right());
}

TEST_CASE("worksheet: each mistake is recognised") {
  const Exercise exercise(kNeuron);
  const double net = 1.15, o = std::sin(net), d = o - 0.2, g = d * std::cos(net);
  const auto mistakes = [&](const std::string& name, double answer) {
    return check(exercise, name, answer).mistakes;
  };
  CHECK(mistakes("dE/dw", g * 1.7) == Mistakes{Mistake::kNone});
  SUBCASE("sign") { CHECK(mistakes("dE/dw", -g * 1.7) == Mistakes{Mistake::kSign}); }
  SUBCASE("reciprocal") {
    CHECK(mistakes("dE/dw", g / 1.7) == Mistakes{Mistake::kReciprocal});
    CHECK(mistakes("dE/dw", 1 / (g * 1.7)) == Mistakes{Mistake::kReciprocal});
  }
  SUBCASE("upstream forgotten") {
    CHECK(mistakes("dE/dw", 1.7) == Mistakes{Mistake::kUpstreamForgotten});
  }
  SUBCASE("inner derivative forgotten") {
    CHECK(mistakes("dE/dw", g) == Mistakes{Mistake::kInnerForgotten});
    CHECK(mistakes("dE/dnet", d) == Mistakes{Mistake::kInnerForgotten});
  }
  SUBCASE("the other operand's derivative") {
    const Worksheet::Checked found = check(exercise, "dE/dw", g * 0.5);
    CHECK(found.mistakes == Mistakes{Mistake::kOtherOperand});
    CHECK(found.message == "it is multiplied by the derivative of p by x, 0.5; that by w is 1.7");
  }
  SUBCASE("a missing factor") {
    const Worksheet::Checked found = check(exercise, "dE/dw", d * 1.7);
    CHECK(found.mistakes == Mistakes{Mistake::kMissingFactor});
    CHECK(contains(found.message, "the factor do/dnet = 0.408487 is missing"));
  }
  SUBCASE("the wrong point") {
    const Worksheet::Checked found = check(exercise, "dE/dnet", d * std::cos(o));
    CHECK(found.mistakes == Mistakes{Mistake::kWrongPoint});
    CHECK(contains(found.message, "do/dnet is taken at the wrong point: at o it is"));
    CHECK(mistakes("dE/dnet", d * std::cos(0.85)) == Mistakes{Mistake::kWrongPoint});
  }
  SUBCASE("none of these") {
    const Worksheet::Checked found = check(exercise, "dE/dw", 0.123);
    CHECK(found.mistakes == Mistakes{Mistake::kNotRecognised});
    CHECK(found.message == "wrong, in a way that is not recognised");
    CHECK(mistakes("dE/dw", std::nan("")) == Mistakes{Mistake::kNotRecognised});
  }
}

TEST_CASE("worksheet: one use of a sum is forgotten") {
  const Exercise exercise("x = 3.1; u = x^2; p = 5*x; v = p + 2; y = u*v");
  // dy/dx = v 2 x + u 5 = 108.5 + 48.05.
  CHECK(check(exercise, "dy/dx", 108.5 + 48.05).is_right());
  const Worksheet::Checked found = check(exercise, "dy/dx", 108.5);
  CHECK(found.mistakes == Mistakes{Mistake::kUseForgotten});
  CHECK(found.message == "the use by p is forgotten: 48.05 must be added");
  CHECK(check(exercise, "dy/dx", 48.05).mistakes == Mistakes{Mistake::kUseForgotten});
  // A mistake within one of the uses.
  CHECK(check(exercise, "dy/dx", 108.5 + 5).mistakes == Mistakes{Mistake::kUpstreamForgotten});
  CHECK(check(exercise, "dy/dx", 108.5 - 48.05).mistakes == Mistakes{Mistake::kSign});
}

TEST_CASE("worksheet: where an answer could be several mistakes all are said") {
  const Exercise exercise("a = 1; b = 2; c = a*b; y = -2*c");
  const Worksheet::Checked found = check(exercise, "dy/da", -2);
  CHECK(found.mistakes.size() > 1);
  CHECK(contains(found.message, "; or "));
}

TEST_CASE("worksheet: claims as text are checked at several points") {
  const Exercise exercise(kNeuron);
  const auto mistakes = [&](const std::string& claim) {
    return check_claim(exercise.y, exercise.at("w"), claim).mistakes;
  };
  CHECK(mistakes("(sin(w*x + b) - t)*cos(w*x + b)*x") == Mistakes{Mistake::kNone});
  CHECK(mistakes("x*cos(net)*d") == Mistakes{Mistake::kNone});
  CHECK(mistakes("-(sin(w*x + b) - t)*cos(w*x + b)*x") == Mistakes{Mistake::kSign});
  CHECK(mistakes("(sin(w*x + b) - t)*cos(w*x + b)") == Mistakes{Mistake::kInnerForgotten});
  CHECK(mistakes("(sin(w*x + b) - t)*cos(w*x + b)*w") == Mistakes{Mistake::kOtherOperand});
  CHECK(mistakes("(sin(w*x + b) - t)*x") == Mistakes{Mistake::kMissingFactor});
  CHECK(mistakes("x") == Mistakes{Mistake::kUpstreamForgotten});
  CHECK(mistakes("d*cos(net)/x") == Mistakes{Mistake::kReciprocal});
  CHECK(mistakes("d*cos(net)*x + 1") == Mistakes{Mistake::kNotRecognised});
  CHECK(check_claim(exercise.y, exercise.at("net"), "d*cos(o)").mistakes ==
        Mistakes{Mistake::kWrongPoint});
  const Exercise sum("x = 3; u = x^2; v = 5*x; y = u*v");
  CHECK(check_claim(sum.y, sum.at("x"), "15*x^2").is_right());
  CHECK(check_claim(sum.y, sum.at("x"), "10*x^2").mistakes == Mistakes{Mistake::kUseForgotten});
  CHECK(contains(helpers::error_of([&] { (void)check_claim(sum.y, sum.at("x"), "2x"); }),
                 "a product is written with a star"));
  CHECK(contains(helpers::error_of([&] { (void)check_claim(sum.y, sum.at("x"), "2*z"); }),
                 "unknown name 'z'"));
}

TEST_CASE("worksheet: wrong uses are an Error") {
  const Exercise exercise(kNeuron);
  const Worksheet sheet(exercise.y);
  CHECK(contains(helpers::error_of([&] { (void)sheet.check(0, 1.0); }), "there is no blank 0"));
  CHECK(contains(helpers::error_of([&] { (void)sheet.check_all(std::vector<double>{1}); }),
                 "but 1 answers"));
  CHECK(contains(helpers::error_of([&] { Worksheet(exercise.y, {.digits = 18}); }), "1 to 17"));
  std::vector<double> answers;
  for (const Worksheet::Blank& each : sheet.blanks()) answers.push_back(each.answer);
  answers[0] = -answers[0];
  const std::string all = sheet.check_all(answers);
  CHECK(contains(all, "(1) " + sheet.blanks()[0].name + ": the sign is wrong"));
  CHECK(contains(all, "(2) " + sheet.blanks()[1].name + ": right\n"));
}
