// Weight matrices, linear maps, embeddings, and the labels of many Values.

#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/nn_helpers.hpp>

using autograd::Value;
using helpers::error_of;
using nn::WeightMatrix;
using Numbers = std::vector<double>;

namespace {

template <class T> WeightMatrix<T> matrix(const std::vector<T>& weights, std::size_t columns) {
  return {weights, columns};
}

}  // namespace

TEST_CASE("linear: every row times x") {
  const Numbers weights{1, 2, 3,  //
                        4, 5, 6};
  const auto w = matrix(weights, 3);
  CHECK(w.rows() == 2);
  CHECK(w.columns() == 3);
  CHECK(w.row(1)[0] == 4);
  CHECK(nn::linear(w, Numbers{1, 10, 100}) == Numbers{321, 654});
}

TEST_CASE("linear: Values and plain numbers, a node for each row") {
  const std::vector<Value> weights{1, 2, 3, 4}, x{10, 100};
  const std::size_t before = autograd::graph_statistics().operations;
  const std::vector<Value> y = nn::linear(matrix(weights, 2), x);
  CHECK(autograd::graph_statistics().operations == before + 2);
  CHECK(networks::numbers(y) == Numbers{210, 430});
  y[1].backward();
  CHECK(weights[2].grad() == 10);
  CHECK(weights[0].grad() == 0);
  CHECK(x[1].grad() == 4);
  CHECK(networks::numbers(nn::linear(matrix(weights, 2), Numbers{10, 100})) == Numbers{210, 430});
}

TEST_CASE("linear: generic callables are differentiated by all weights") {
  const Numbers gradient = autograd::gradient(
      [](auto w) {
        return nn::linear(WeightMatrix(w, 3), Numbers{1, 10, 100})[1];
      },
      Numbers{1, 2, 3, 4, 5, 6});
  CHECK(gradient == Numbers{0, 0, 0, 1, 10, 100});
}

TEST_CASE("linear: wrong shapes are refused") {
  const Numbers six(6);
  CHECK(error_of([&] { matrix(six, 4); }) ==
        "nn::WeightMatrix: expected whole rows of at least one column, got 6 weights and 4 "
        "columns.");
  CHECK_THROWS_AS(matrix(six, 0), autograd::Error);
  CHECK(error_of([&] {
          nn::linear(matrix(six, 3), Numbers{1, 2});
        }) == "nn::linear: expected 3 inputs, one for each column, got 2.");
  CHECK(error_of([&] { matrix(six, 3).row(2); }) ==
        "nn::WeightMatrix::row: expected an index below 2, got 2.");
}

TEST_CASE("embedding: the row of a symbol, what a one-hot vector times the table would give") {
  const Numbers table{1, 2,  //
                      3, 4,  //
                      5, 6};
  const auto row = nn::embedding(matrix(table, 2), 2);
  CHECK(Numbers(row.begin(), row.end()) == Numbers{5, 6});
  CHECK(error_of([&] { nn::embedding(matrix(table, 2), 3); }) ==
        "nn::embedding: expected an index below 3, got 3.");
}

TEST_CASE("embedding: gradients reach the rows that were looked up, as often as they were") {
  const std::vector<Value> table{1, 2, 3, 4, 5, 6};
  const auto w = matrix(table, 2);
  const Value y = nn::embedding(w, 2)[0] + nn::embedding(w, 0)[1] + nn::embedding(w, 2)[0];
  y.backward();
  CHECK(y.data() == 12);
  Numbers gradient;
  for (const Value& each : table) gradient.push_back(each.grad());
  CHECK(gradient == Numbers{0, 1, 0, 0, 2, 0});
}

TEST_CASE("labels: of a matrix by row and column, of a range by index, of plain numbers none") {
  const std::vector<Value> table{1, 2, 3, 4};
  matrix(table, 2).set_labels("wte");
  CHECK(table[3].label() == "wte[1,1]");
  CHECK(nn::embedding(matrix(table, 2), 1)[0].label() == "wte[1,0]");

  const std::vector<Value> y = nn::linear(matrix(table, 2), Numbers{1, 1});
  nn::set_labels(y, "y");
  CHECK(y[0].label() == "y[0]");
  CHECK(y[1].label() == "y[1]");
  CHECK(helpers::contains(autograd::to_dot(y[1]), "wte[1,0]"));
  nn::set_labels(Numbers{1, 2}, "plain");
}
