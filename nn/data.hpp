// Data: examples to learn from, in rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <nn/random.hpp>

namespace nn {

struct Sample {
  std::vector<double> inputs, targets;
  double weight = 1;  // by which fit() multiplies its loss

  // for (const auto& [inputs, targets] : data)
  template <std::size_t i> auto& get() { return i == 0 ? inputs : targets; }
  template <std::size_t i> const auto& get() const { return i == 0 ? inputs : targets; }
};
using Data = std::vector<Sample>;

// Data with the names of its columns.
//
// If the targets stand for classes, `classes` are their names and `targets` has one name, that of
// the column with the classes. The numbers are then one-hot, or a single one for two classes: 1 for
// the second, 0 or -1 for the first.
struct Table {
  Data data = {};
  std::vector<std::string> inputs = {}, targets = {}, classes = {};
};

// count numbers, 0 but for a 1 at `index`.
// Throws: Error if there is no such index, or for more than 2^31 numbers.
std::vector<double> one_hot(std::size_t index, std::size_t count);

// 0, 1, ..., count - 1 in an order drawn at random, each order with the same probability.
// Throws: Error for more than 2^31 rows.
// Source: R. Durstenfeld, "Algorithm 235: random permutation", CACM 7(7), 1964.
std::vector<std::size_t> shuffled_indices(std::size_t count, Random& random);

struct Split {
  Data train, test;
};

// Shuffles the rows and deals them out: train_fraction of them, rounded, for training, the others
// for testing. Every row is in one of the two, once.
// Throws: Error if the fraction is not between 0 and 1.
Split split(const Data& data, double train_fraction, std::uint64_t seed = 0);

}  // namespace nn

template <> struct std::tuple_size<nn::Sample> : std::integral_constant<std::size_t, 2> {};
template <std::size_t i> struct std::tuple_element<i, nn::Sample> {
  using type = std::vector<double>;
};
