#include <algorithm>
#include <array>
#include <autograd/derivatives.hpp>
#include <autograd/detail/term.hpp>
#include <cmath>
#include <optional>

namespace autograd {

using detail::Code;
using detail::Edge;
using detail::Id;
using detail::Tape;

namespace {

// An operation as its rule sees it.
struct Step {
  std::vector<Term> operands;
  Term result;
  std::size_t output = 0;  // which one, of softmax
};

// What dr/dx_i is, as Terms.
using Rule = std::vector<Term> (*)(const Step&);

template <class Op> std::vector<Term> rule(const Step& step) {
  const auto& x = step.operands;
  if constexpr (requires { Op::domain; }) {
    if constexpr (Op::domain.size() == 1) {
      return {Term(Op::dx(x[0], step.result))};
    } else {
      return {x[0].is_number() ? Term() : Term(Op::dx(x[0], x[1], step.result)),
              x[1].is_number() ? Term() : Term(Op::dy(x[0], x[1], step.result))};
    }
  } else {
    std::vector<Term> partials(x.size());
    Op::partials(std::span<const Term>(x), step.output, step.result, std::span<Term>(partials));
    return partials;
  }
}

constexpr auto kRules = []<class... Op>(ops::List<Op...>) {
  return std::array<Rule, sizeof...(Op)>{rule<Op>...};
}(ops::All{});

Term term_of(const Edge& edge) {
  return edge.id == detail::kNumber ? Term(edge.partial) : Term(Value::of(edge.id));
}

std::vector<Term> custom_partials(Id id, std::span<const Edge> edges) {
  const detail::CustomRule& rule = *detail::tape.custom_rule(id);
  if (rule.traced) edges = edges.first(edges.size() - 1);
  if (!rule.derivatives) {
    throw Error(
        "derivatives() through the custom operation '" + rule.name +
        "': its local derivatives are known as numbers only. Let the function that gives them take "
        "std::span<const Value> too, as [](auto x) does; or use backward() for a first "
        "derivative.");
  }
  std::vector<Value> operands;
  for (const Edge& edge : edges) operands.push_back(Value::of(edge.id));
  const std::vector<Value> values = rule.derivatives(operands);
  if (values.size() != edges.size()) {
    throw Error("custom operation '" + rule.name + "': " + std::to_string(edges.size()) +
                " operands, but " + std::to_string(values.size()) +
                " local derivatives; there must be one for each");
  }
  return {values.begin(), values.end()};
}

// Calls give(i, partial) for the edges of operation `id`: the partial of the i-th.
template <class Give> void for_each_partial(Id id, std::span<const Edge> edges, const Give& give) {
  const Code code = detail::tape.operation(id);
  // The edges of a sum hold constants, and so does that of a product with a number.
  if (code == detail::code<ops::Sum> || code == detail::code<ops::Mean> ||
      (code == detail::code<ops::Mul> && edges.size() == 1)) {
    for (std::size_t i = 0; i < edges.size(); ++i) give(i, Term(edges[i].partial));
    return;
  }
  if (code == detail::code<ops::Dot>) {  // pairs of factors; the partial of the one beside a number
                                         // is that number
    for (std::size_t i = 0; i < edges.size(); ++i) {
      const Edge& other = edges[i ^ 1];
      give(i, other.id == detail::kNumber ? Term(edges[i].partial) : Term(Value::of(other.id)));
    }
    return;
  }
  if (code == detail::code<ops::Custom>) {
    const std::vector<Term> partials = custom_partials(id, edges);
    for (std::size_t i = 0; i < partials.size(); ++i) give(i, partials[i]);
    return;
  }
  Step step;
  step.result = Value::of(id);
  std::size_t first = 0;
  if (code == detail::code<ops::Softmax>)
    step.output = static_cast<std::size_t>(edges[first++].partial);
  for (const Edge& edge : edges.subspan(first)) step.operands.push_back(term_of(edge));
  const std::vector<Term> partials = kRules[code](step);
  for (std::size_t i = 0; i < partials.size(); ++i) give(first + i, partials[i]);
}

// upstream * partial. As in the numeric sweep, nothing flows where nothing arrives, even if the
// partial is infinite.
Term contribution(const Term& upstream, const Term& partial) {
  if (detail::tape.tracing != nullptr && !upstream.is_number() &&
      !(partial.is_number() && std::isfinite(partial.data()))) {
    return Value::record<ops::Flow>(upstream.value(), partial.value());
  }
  if (upstream.data() == 0 && !std::isfinite(partial.data())) return 0.0;
  return upstream * partial;
}

// What lies between xs and an operation `root`. What the root was not computed from costs nothing.
class Between {
 public:
  Between(Id root, std::span<const Value> xs, bool holds) : root_(root), holds_(holds) {
    Id floor = root + 1;  // nothing below can lead to xs
    for (const Value& x : xs) floor = std::min(floor, std::max(x.id(), Id{0}));
    const std::vector<bool> reached = reach(floor);
    find_wanted(xs, reached);
  }

  Id first() const { return first_; }
  // Whether what `id` was computed from is none of the question.
  bool is_held(Id id) const { return holds_ && given_[place(id)]; }
  bool is_wanted(Id id) const {
    if (id >= 0) return id >= first_ && id <= root_ && wanted_[place(id)];
    return !leaf_places_.empty() && leaf_places_[leaf(id)] != 0;
  }
  // Of a wanted node.
  std::optional<Term>& adjoint(Id id) {
    return id >= 0 ? adjoints_[place(id)] : leaf_adjoints_[leaf_places_[leaf(id)]];
  }

 private:
  std::size_t place(Id id) const { return static_cast<std::size_t>(root_ - id); }
  static std::size_t leaf(Id id) { return static_cast<std::size_t>(-id); }

  // The operations that the root was computed from.
  std::vector<bool> reach(Id floor) {
    std::vector<bool> reached{true};
    first_ = root_;
    for (Id i = root_; i >= first_; --i) {
      if (!reached[place(i)]) continue;
      for (const Edge& edge : detail::tape.edges_of(i)) {
        if (edge.id < floor) continue;
        first_ = std::min(first_, edge.id);
        if (reached.size() <= place(edge.id)) reached.resize(place(edge.id) + 1, false);
        reached[place(edge.id)] = true;
      }
    }
    return reached;
  }

  void find_wanted(std::span<const Value> xs, const std::vector<bool>& reached) {
    wanted_.resize(reached.size(), false);
    given_.resize(reached.size(), false);
    adjoints_.resize(reached.size());
    leaf_adjoints_.resize(1);
    for (const Value& x : xs) {
      if (x.id() >= first_ && x.id() <= root_) {
        wanted_[place(x.id())] = true;
        given_[place(x.id())] = true;
      }
      if (x.id() >= detail::kZero) continue;
      if (leaf_places_.empty())
        leaf_places_.resize(static_cast<std::size_t>(detail::tape.leaf_capacity) + 1, 0);
      leaf_places_[leaf(x.id())] = leaf_adjoints_.size();
      leaf_adjoints_.emplace_back();
    }
    for (Id i = first_; i <= root_; ++i) {
      if (!reached[place(i)] || wanted_[place(i)]) continue;
      const auto edges = detail::tape.edges_of(i);
      wanted_[place(i)] = std::any_of(edges.begin(), edges.end(),
                                      [&](const Edge& edge) { return is_wanted(edge.id); });
    }
  }

  Id root_, first_ = 0;
  bool holds_;
  std::vector<bool> given_;   // by distance from the root: is one of xs
  std::vector<bool> wanted_;  // by distance from the root: leads down to xs
  std::vector<std::optional<Term>> adjoints_, leaf_adjoints_;
  std::vector<std::size_t> leaf_places_;  // in leaf_adjoints_; 0 for a leaf that is not among xs
};

}  // namespace

std::vector<Value> derivatives(const Value& y, std::span<const Value> xs) {
  return detail::derivatives(y, xs, false);
}

std::vector<Value> detail::derivatives(const Value& y, std::span<const Value> xs, bool holds) {
  const Id root = y.id();
  std::vector<Value> result;
  result.reserve(xs.size());
  if (root < 0) {
    for (const Value& x : xs)
      result.push_back(Value::constant(x.id() == root && root != detail::kZero ? 1.0 : 0.0));
    return result;
  }

  Between part(root, xs, holds);
  if (part.is_wanted(root)) part.adjoint(root) = Term(1.0);
  for (Id i = root; i >= part.first(); --i) {
    if (!part.is_wanted(i) || !part.adjoint(i).has_value() || part.is_held(i)) continue;
    const Term upstream = *part.adjoint(i);
    const bool is_row_mean = tape.operation(i) == code<ops::RowMean>;
    // A copy: recording may move the tape.
    const auto span = tape.edges_of(i);
    const std::vector<Edge> edges(span.begin(), span.end());
    const bool leads_on = std::any_of(edges.begin(), edges.end(),
                                      [&](const Edge& edge) { return part.is_wanted(edge.id); });
    if (!leads_on) continue;
    for_each_partial(i, edges, [&](std::size_t k, const Term& partial) {
      const Id to = edges[k].id;
      if (!part.is_wanted(to)) return;
      const Term more =
          is_row_mean ? apply<ops::RowMean>(upstream) : contribution(upstream, partial);
      if (more.is_number() && more.data() == 0) return;
      auto& sum = part.adjoint(to);
      sum = sum.has_value() ? *sum + more : more;
    });
  }

  for (const Value& x : xs) {
    const bool reached = part.is_wanted(x.id()) && part.adjoint(x.id()).has_value();
    result.push_back(reached ? part.adjoint(x.id())->value() : Value::constant(0.0));
  }
  return result;
}

}  // namespace autograd
