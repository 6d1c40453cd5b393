#include "autograd/statistics.hpp"

#include <autograd/numbers/statement_tape.hpp>
#include <autograd/tape/histories.hpp>
#include <autograd/tape/tape.hpp>

namespace autograd {

GraphStatistics graph_statistics() {
  const detail::Tape& tape = detail::tape;
  constexpr std::size_t kNode = sizeof(double) + sizeof(detail::Tag);
  const auto leaf_capacity = static_cast<std::size_t>(tape.leaves.capacity);

  GraphStatistics result;
  result.operations = static_cast<std::size_t>(tape.now());
  result.edges = tape.total_edges();
  result.leaves =
      leaf_capacity == 0 ? 0 : leaf_capacity - 2 - static_cast<std::size_t>(tape.leaves.free_count);
  result.bytes = (result.operations + result.leaves) * kNode + result.edges * sizeof(detail::Edge);
  result.bytes_reserved = tape.capacity * (kNode + sizeof(double) + sizeof(detail::Edge)) +
                          leaf_capacity * (kNode + sizeof(double) + 2 * sizeof(detail::Id));
  detail::for_each_statement_tape([&]<class S>(const detail::StatementTape<S>& statements) {
    constexpr std::size_t kStatementNode = sizeof(*statements.nodes);
    const std::size_t nodes = statements.size - 1;
    result.operations += nodes;
    result.edges += 2 * nodes;
    result.bytes += nodes * kStatementNode;
    result.bytes_reserved += statements.capacity * (kStatementNode + sizeof(S));
  });
  return result;
}

std::vector<History> longest_histories(std::size_t most) {
  return detail::with_memory_errors([&] {
    std::vector<History> result;
    for (const auto& [id, operations] : detail::longest_histories(most)) {
      const auto& info = ops::All::infos[detail::tape.operation(id)];
      result.push_back({std::string(detail::tape.label(id)), std::string(info.name),
                        detail::tape.data[id], operations});
    }
    return result;
  });
}

}  // namespace autograd
