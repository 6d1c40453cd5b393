// What several tests ask of a graph: numbers and labels of its nodes, how much of it there is.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <autograd/autograd.hpp>

namespace graphs {

inline std::vector<double> data_of(const std::vector<autograd::Value>& values) {
  std::vector<double> result;
  result.reserve(values.size());
  for (const autograd::Value& each : values) result.push_back(each.data());
  return result;
}

inline std::vector<std::string_view> labels_of(const std::vector<autograd::Value>& values) {
  std::vector<std::string_view> result;
  result.reserve(values.size());
  for (const autograd::Value& each : values) result.push_back(each.label());
  return result;
}

// What is recorded on the tapes of this thread.
struct Size {
  std::size_t operations, leaves, edges;
  bool operator==(const Size&) const = default;
};
inline Size size() {
  const autograd::GraphStatistics now = autograd::graph_statistics();
  return {now.operations, now.leaves, now.edges};
}

}  // namespace graphs
