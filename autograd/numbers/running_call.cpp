#include "autograd/numbers/running_call.hpp"

#include <algorithm>
#include <new>
#include <vector>

#include <autograd/tape/operands.hpp>
#include <autograd/tape/reach.hpp>
#include <autograd/tape/singularities.hpp>
#include <autograd/tape/stretches.hpp>
#include <autograd/tape/strict.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

bool is_among(std::span<const Value> values, Id id) {
  return std::ranges::any_of(values, [id](const Value& each) { return each.id() == id; });
}

bool is_inside(Id id, Time first) { return id >= 0 && tape.time_of(id) >= first; }

// Whether all that was recorded since the call began, wanted or not, uses its inputs only.
bool uses_inputs_only(const RunningCall& call, std::span<const Value> results) {
  const Time first = call.first();
  const MarkedInputs inputs(call);
  const auto is_known = [&](Id id) {
    return is_inside(id, first) || id == kNumber || id == kZero || inputs.has(id);
  };
  for (const Value& each : results)
    if (!is_known(each.id())) return false;
  // The edges of a stretch lie one behind the other.
  for (std::size_t k = tape.stretch_count(); k-- > 0;) {
    const Stretch at = tape.stretch(k);
    if (at.time + (at.end - at.begin) <= first) break;
    const std::uint32_t begin =
        first <= at.time ? at.edge_begin : tape.first_edge(at.begin + (first - at.time));
    for (const Edge& edge : std::span(tape.edges + begin, tape.edges + at.edge_end))
      if (!is_known(edge.id)) return false;
  }
  return true;
}

// The nodes from before `first` that operations since then use on the way to the results, and the
// results that are such nodes themselves. Leaves have no time: all of them.
std::vector<Id> nodes_from_outside(std::span<const Value> results, Time first) {
  std::vector<Id> roots, found;
  for (const Value& each : results)
    (is_inside(each.id(), first) ? roots : found).push_back(each.id());
  const OperationFlags reached =
      reach(roots, [&](Id, const Edge& edge) { return is_inside(edge.id, first); });
  for (Time t = reached.lowest(); t <= reached.highest(); ++t) {
    const Id i = tape.at_time(t);
    if (!reached.has(i, kReached)) continue;
    for (const Edge& edge : tape.edges_of(i)) {
      if (edge.id != kNumber && edge.id != kZero && !is_inside(edge.id, first))
        found.push_back(edge.id);
    }
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

// "'w'", or "a Value of 3".
std::string name_of_node(Id id) {
  const std::string_view label = tape.label(id);
  return label.empty() ? "a Value of " + text::rounded(tape.data[id], 6)
                       : "'" + std::string(label) + "'";
}

// Whether a node depends on one of these.
bool depends_on(Id id, std::span<const Id> nodes) {
  if (id < 0) return std::ranges::find(nodes, id) != nodes.end();
  return dependent_on(nodes, id)[id] != 0;
}

// Whether somebody else has a handle of a leaf that one of the results may be.
bool is_held(Id leaf, std::span<const Value> results) {
  const unsigned handles = tape.tag[leaf].handles;
  const bool is_tracked = (tape.tag[leaf].edges & kHasTracked) != 0;
  return is_tracked || handles > (is_among(results, leaf) ? 2u : 0u);
}

}  // namespace

void RunningCall::find_outer(std::span<const Value> results) const try {
  std::vector<Id> inputs;
  for (const RunningCall* call = outer_; call != nullptr; call = call->outer_)
    call->for_each_input([&](const Value& x) { inputs.push_back(x.id()); });
  for (const Id id : nodes_from_outside(results, first())) {
    if (!depends_on(id, inputs)) continue;
    throw Error(
        "a derivative that is asked for inside of a function that is differentiated or traced: it "
        "uses " +
        name_of_node(id) +
        ", which depends on the inputs of that function. The derivative is a plain number, so that "
        "this would be lost. Take derivatives() of Values, or detach() what is to be a constant.");
  }
} catch (const std::bad_alloc&) {
  out_of_memory();
}

void RunningCall::require_inputs_only(const std::string& name, std::span<const Value> results) const
    try {
  if (uses_inputs_only(*this, results)) return;
  for (const Id id : nodes_from_outside(results, first())) {
    bool is_input = false;
    for_each_input([&](const Value& x) { is_input |= x.id() == id; });
    if (is_input) continue;
    // A leaf of which nobody has a handle was made inside.
    const bool varies = id < 0 ? (tape.tag[id].code & kHasGradient) != 0 && is_held(id, results)
                               : dependent_on_leaves(id)[id] != 0;
    if (!varies) continue;
    throw Error(name + ": the function uses " + name_of_node(id) +
                ", which is not among its operands: its derivative would be 0. Give it as an "
                "operand too; what is to be a constant, as a plain number.");
  }
} catch (const std::bad_alloc&) {
  out_of_memory();
}

void RunningCall::settle_ties() const try {
  if (tape.tie_count == settled_) return;
  settled_ = tape.tie_count;
  const Time end = tape.now();
  std::vector<Id> inputs;
  for_each_input([&](const Value& x) { inputs.push_back(x.id()); });
  std::ranges::sort(inputs);
  std::vector<char> depends(static_cast<std::size_t>(end - first()), 0);
  const auto does_depend = [&](Id id) {
    if (id < 0) return std::ranges::binary_search(inputs, id);
    const Time t = tape.time_of(id);
    return t >= first() && depends[static_cast<std::size_t>(t - first())] != 0;
  };
  for (Time t = first(); t < end; ++t) {
    const Id i = tape.at_time(t);
    const std::span<const Edge> edges = tape.edges_of(i);
    const bool result =
        std::ranges::any_of(edges, [&](const Edge& edge) { return does_depend(edge.id); });
    depends[static_cast<std::size_t>(t - first())] = static_cast<char>(result);
    const bool is_tie = edges.size() == 2 && has_ties(tape.operation(i)) &&
                        edges[0].partial == 0.5 && edges[1].partial == 0.5;
    if (!is_tie || does_depend(edges[0].id) == does_depend(edges[1].id)) continue;
    Edge* const both = tape.edges + (edges.data() - tape.edges);
    both[0].partial = both[1].partial = 0.0;
  }
} catch (const std::bad_alloc&) {
  out_of_memory();
}

ByNode<char> dependent_on_inputs(Id root) {
  std::vector<Id> inputs;
  tape.call->for_each_input([&](const Value& x) { inputs.push_back(x.id()); });
  return dependent_on(inputs, root);
}

void require_operands_only(const std::string& name, const Value& result, Time first,
                           std::span<const Value> operands) try {
  std::vector<Id> inputs;
  for (const RunningCall* call = tape.call; call != nullptr; call = call->outer())
    call->for_each_input([&](const Value& x) { inputs.push_back(x.id()); });
  for (const Id id : nodes_from_outside(std::span(&result, 1), first)) {
    if (is_among(operands, id) || !depends_on(id, inputs)) continue;
    throw Error(name + ": its value uses " + name_of_node(id) +
                ", which is not among its operands: its derivative would be 0. Give it as an "
                "operand too.");
  }
} catch (const std::bad_alloc&) {
  out_of_memory();
}

}  // namespace autograd::detail
