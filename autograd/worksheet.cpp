#include "autograd/worksheet.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <random>
#include <utility>

#include <autograd/explain/layout.hpp>
#include <autograd/explain/operations.hpp>
#include <autograd/expression.hpp>
#include <autograd/text.hpp>
#include <autograd/worksheet/mistakes.hpp>

namespace autograd {

using detail::Candidate;
using detail::GraphNumbers;
using detail::GraphView;

namespace {

bool is_close(double x, double y, double tolerance) {
  return x == y || std::abs(x - y) <= tolerance * std::max(std::abs(x), std::abs(y));
}

Worksheet::Checked checked(const std::vector<Candidate>& found) {
  Worksheet::Checked result;
  const bool is_upstream =
      std::ranges::find(found, Mistake::kUpstreamForgotten, &Candidate::mistake) != found.end();
  for (const Candidate& each : found) {
    // What arrives is a factor further up too: it is said once.
    if (is_upstream && each.mistake == Mistake::kMissingFactor) continue;
    if (std::ranges::find(result.mistakes, each.mistake) != result.mistakes.end()) continue;
    result.mistakes.push_back(each.mistake);
    result.message += (result.message.empty() ? "" : "; or ") + each.message;
  }
  if (found.empty()) {
    result.mistakes = {Mistake::kNotRecognised};
    result.message = "wrong, in a way that is not recognised";
  }
  return result;
}

std::string numbered(std::size_t blank) {
  std::string result(1, '(');
  return result.append(std::to_string(blank)).append(1, ')');
}

Worksheet::Checked right() { return {{Mistake::kNone}, "right"}; }

}  // namespace

struct Worksheet::State {
  // Of the sheet: what is given before the number, the number, and the blank if it is one.
  struct Line {
    std::string before;
    double number;
    std::size_t blank;  // 0 if it is given
  };

  State(const Value& y, const WorksheetOptions& with)
      : options(with), view(detail::list_graph(y)), names(detail::names_of(view)), numbers(view) {
    write_forward();
    write_backward();
  }

  std::string derivative(std::size_t y, std::size_t x) const {
    return detail::derivative(Notation::kText, names[y], names[x]);
  }
  Formula name(std::size_t i) const {
    return names[i].empty() ? Formula::of(view.nodes[i].data) : Formula::of(names[i]);
  }
  std::vector<Formula> operands_of(const GraphView::Node& node) const {
    std::vector<Formula> result;
    for (const GraphView::Operand& operand : view.operands_of(node))
      result.push_back(name(operand.node));
    return result;
  }

  void add(std::vector<Line>& to, std::string what, const std::string& formula, double number,
           bool is_blank, std::vector<Candidate> wrong = {}) {
    const std::string before = what + " = " + (formula.empty() ? "" : formula + " = ");
    std::size_t blank = 0;
    if (is_blank) {
      blanks.push_back({std::move(what), number});
      mistakes.push_back(std::move(wrong));
      blank = blanks.size();
    }
    to.push_back({before, number, blank});
  }

  void write_forward() {
    for (std::size_t i = 0; i < view.nodes.size(); ++i) {
      const GraphView::Node& node = view.nodes[i];
      if (names[i].empty()) continue;
      std::string formula;
      const bool is_blank = !node.op.empty() && options.difficulty == Difficulty::kHard;
      std::vector<Candidate> wrong;
      if (!node.op.empty()) {
        const std::vector<Formula> x = operands_of(node);
        formula = detail::shortened(detail::value_formula({node.op, x, {}}))
                      .to_string(Notation::kText, options.digits);
        wrong = {{Mistake::kSign, -node.data, "the sign is wrong"},
                 {Mistake::kReciprocal, 1 / node.data, "it is turned over"}};
      }
      add(forward, names[i], formula, node.data, is_blank, std::move(wrong));
    }
  }

  // Local derivatives as they are needed, then the derivative by each node after its last use.
  void write_backward() {
    const std::size_t root = view.nodes.size() - 1;
    std::vector<std::string> chains(view.nodes.size());
    for (std::size_t i = view.nodes.size(); i-- > 0;) {
      const GraphView::Node& node = view.nodes[i];
      if (!chains[i].empty()) write_derivative(i, chains[i]);
      const std::vector<Formula> x = operands_of(node);
      const auto operands = view.operands_of(node);
      for (std::size_t k = 0; k < operands.size(); ++k) {
        const std::size_t to = operands[k].node;
        if (view.nodes[to].is_constant) continue;
        const Formula rule = detail::shortened(detail::partial_formula({node.op, x, name(i)}, k));
        const std::string local = derivative(i, to);
        if (i != root || chains[to].empty())
          add(backward, local,
              rule.kind == Formula::Kind::kNumber ? ""
                                                  : rule.to_string(Notation::kText, options.digits),
              operands[k].partial, options.difficulty == Difficulty::kHard,
              {{Mistake::kSign, -operands[k].partial, "the sign is wrong"},
               {Mistake::kReciprocal, 1 / operands[k].partial, "it is turned over"}});
        const std::string chain = i == root ? local : derivative(root, i) + " * " + local;
        chains[to] += (chains[to].empty() ? "" : " + ") + chain;
      }
    }
  }

  void write_derivative(std::size_t i, const std::string& chain) {
    const std::string what = derivative(view.nodes.size() - 1, i);
    if (chain == what) return;  // it is a local derivative, and stands there already
    const bool is_leaf = view.nodes[i].op.empty();
    add(backward, what, chain, numbers.gradient[i],
        is_leaf || options.difficulty != Difficulty::kEasy,
        detail::candidates(view, names, numbers, i, options.digits));
  }

  WorksheetOptions options;
  GraphView view;
  std::vector<std::string> names;
  GraphNumbers numbers;
  std::vector<Line> forward, backward;
  std::vector<Blank> blanks;
  std::vector<std::vector<Candidate>> mistakes;  // by blank
};

Worksheet::Worksheet(const Value& y, const WorksheetOptions& options) {
  if (options.digits < 1 || options.digits > 17)
    throw Error("Worksheet: options.digits must be 1 to 17, but is " +
                std::to_string(options.digits));
  if (!(options.tolerance >= 0 && options.tolerance < 1))
    throw Error("Worksheet: options.tolerance must be at least 0 and less than 1");
  state_ = detail::with_memory_errors([&] { return std::make_unique<State>(y, options); });
}
Worksheet::~Worksheet() = default;
Worksheet::Worksheet(Worksheet&&) noexcept = default;
Worksheet& Worksheet::operator=(Worksheet&&) noexcept = default;

const std::vector<Worksheet::Blank>& Worksheet::blanks() const { return state_->blanks; }

std::string Worksheet::text() const try {
  std::string result;
  const auto write = [&](const char* title, const std::vector<State::Line>& lines) {
    result += title;
    for (const State::Line& line : lines) {
      result += "  " + line.before +
                (line.blank == 0 ? text::rounded(line.number, state_->options.digits)
                                 : numbered(line.blank) + " ________") +
                "\n";
    }
  };
  write("Forward\n", state_->forward);
  write("\nBackward\n", state_->backward);
  return result;
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

std::string Worksheet::key() const try {
  std::string result = "Key\n";
  for (std::size_t i = 0; i < state_->blanks.size(); ++i) {
    result += "  (" + std::to_string(i + 1) + ") " + state_->blanks[i].name + " = " +
              text::rounded(state_->blanks[i].answer, state_->options.digits) + "\n";
  }
  return result;
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

Worksheet::Checked Worksheet::check(std::size_t blank, double answer) const try {
  if (blank < 1 || blank > state_->blanks.size()) {
    throw Error("Worksheet::check(): there is no blank " + std::to_string(blank) + "; there are " +
                std::to_string(state_->blanks.size()));
  }
  const double tolerance = state_->options.tolerance, expected = state_->blanks[blank - 1].answer;
  if (is_close(answer, expected, tolerance)) return right();
  std::vector<Candidate> found;
  for (const Candidate& each : state_->mistakes[blank - 1]) {
    if (is_close(answer, each.answer, tolerance)) found.push_back(each);
  }
  return checked(found);
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

std::string Worksheet::check_all(std::span<const double> answers) const {
  if (answers.size() != blanks().size()) {
    throw Error("Worksheet::check_all(): there are " + std::to_string(blanks().size()) +
                " blanks, but " + std::to_string(answers.size()) + " answers");
  }
  return detail::with_memory_errors([&] {
    std::string result;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      result +=
          numbered(i + 1) + " " + blanks()[i].name + ": " + check(i + 1, answers[i]).message + "\n";
    }
    return result;
  });
}

Worksheet::Checked check_claim(const Value& y, const Value& x, std::string_view claim) try {
  constexpr int kPoints = 7;
  constexpr double kTolerance = 1e-7;
  const Expression expression{std::string(claim)};
  const GraphView view = detail::list_graph(y);
  const std::vector<std::string> names = detail::names_of(view);
  std::size_t node = view.nodes.size();
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    if (view.nodes[i].id == x.id()) node = i;
  }
  std::mt19937_64 random(1);
  std::vector<Candidate> left;
  std::vector<bool> is_left;
  bool is_right = true;
  for (int point = 0; point < kPoints; ++point) {
    std::vector<double> leaf(view.nodes.size(), 0.0);
    Variables variables;
    for (std::size_t i = 0; i < view.nodes.size(); ++i) {
      leaf[i] = view.nodes[i].data;
      if (!view.nodes[i].op.empty() || names[i].empty()) continue;
      // Near to where it was recorded, so that the branches are the same.
      const double shift = static_cast<double>(random() >> 11) * 0x1p-53 - 0.5;
      leaf[i] += (point == 0 ? 0.0 : 0.1) * shift * std::max(std::abs(leaf[i]), 0.1);
    }
    const GraphNumbers numbers(view, leaf);
    for (std::size_t i = 0; i < view.nodes.size(); ++i) {
      if (!names[i].empty() && names[i] != "e" && names[i] != "pi")
        variables.emplace(names[i], Value::constant(numbers.value[i]));
    }
    const double claimed = expression.evaluate(variables).data();
    const double expected = node < view.nodes.size() ? numbers.gradient[node] : 0.0;
    is_right = is_right && is_close(claimed, expected, kTolerance);
    std::vector<Candidate> here;
    if (node < view.nodes.size()) here = detail::candidates(view, names, numbers, node, 6);
    if (point == 0) {
      left = here;
      is_left.assign(here.size(), true);
    }
    for (std::size_t i = 0; i < here.size(); ++i)
      is_left[i] = is_left[i] && is_close(claimed, here[i].answer, kTolerance);
  }
  if (is_right) return right();
  std::vector<Candidate> found;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (is_left[i]) found.push_back(left[i]);
  }
  return checked(found);
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd
