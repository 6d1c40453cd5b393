// Attention: a mean of values, weighted by how well their keys fit a query.
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <ranges>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/labels.hpp>

namespace nn {

// Rows of numbers of the type T: vectors in a vector, or the like.
template <class R, class T>
concept RowsOf = std::ranges::random_access_range<R> && std::ranges::sized_range<R> &&
                 autograd::NumberRange<std::ranges::range_value_t<R>> &&
                 std::same_as<std::ranges::range_value_t<std::ranges::range_value_t<R>>, T>;

// What attention() computes on the way and in the end.
template <class T> struct Attention {
  std::vector<std::vector<T>> scores, weights;  // [head][position]
  std::vector<T> out;

  // For drawings: score<name>[head,position], weight<name>[head,position] and attended<name>[unit].
  // Of numbers that are no Values nothing is labelled.
  void set_labels(const std::string& name = "") const {
    for (std::size_t head = 0; head < scores.size(); ++head) {
      const std::string opening = "[" + std::to_string(head) + ",";
      nn::set_labels(scores[head], "score" + name, opening);
      nn::set_labels(weights[head], "weight" + name, opening);
    }
    nn::set_labels(out, "attended" + name);
  }
};

namespace detail {

// Throws: Error unless there is at least one head, and as many numbers in a query and in a value as
//         can be divided among them; unless there is at least one key and one value for each.
void check_attention(std::size_t query, std::size_t value, std::size_t heads, std::size_t keys,
                     std::size_t values);
// Throws: Error unless row `position` has the numbers it should have.
void check_attention_row(const char* what, std::size_t position, std::size_t given,
                         std::size_t expected);

}  // namespace detail

// Scaled dot-product attention of one query q to n positions, with keys k_t and values v_t:
//
//   score_t = q . k_t / sqrt(d),  weight = softmax(score),  out = sum_t weight_t v_t
//
// With several heads, query, keys and values are cut into that many parts of equal length; each
// part attends on its own, d is its length, and the results stand one behind the other.
//
// The positions are those that the query may see: causal attention gives the keys and values up to
// its own position, and needs no mask.
//
// Shapes: query h d, keys n rows of h d, values n rows of h m, for h heads; the result h m.
// Throws: Error if the shapes differ or cannot be cut, or there are no positions or no heads.
// Cost:   3n + m nodes a head; the n of softmax have n edges each.
// Source: A. Vaswani et al., "Attention is all you need", NeurIPS 2017, eq. 1 and section 3.2.2.
template <autograd::NumberRange Query, RowsOf<std::ranges::range_value_t<Query>> Keys,
          RowsOf<std::ranges::range_value_t<Query>> Values>
auto attention(const Query& query, const Keys& keys, const Values& values, std::size_t heads = 1) {
  using T = std::ranges::range_value_t<Query>;
  const std::size_t positions = std::ranges::size(keys);
  const std::size_t width = std::ranges::size(query);
  const std::size_t out_width = std::ranges::empty(values) ? 0 : std::ranges::size(values[0]);
  detail::check_attention(width, out_width, heads, positions, std::ranges::size(values));
  for (std::size_t t = 0; t < positions; ++t) {
    detail::check_attention_row("key", t, std::ranges::size(keys[t]), width);
    detail::check_attention_row("value", t, std::ranges::size(values[t]), out_width);
  }

  Attention<T> result;
  result.out.reserve(out_width);
  const std::size_t d = width / heads, m = out_width / heads;
  for (std::size_t head = 0; head < heads; ++head) {
    const autograd::Scope scope("head", head);
    const auto q = std::span<const T>(query).subspan(head * d, d);
    std::vector<T> scores;
    scores.reserve(positions);
    for (std::size_t t = 0; t < positions; ++t) {
      const auto k = std::span<const T>(keys[t]).subspan(head * d, d);
      scores.push_back(autograd::dot(q, k) / std::sqrt(static_cast<double>(d)));
    }
    std::vector<T> weights = autograd::softmax(scores);
    std::vector<T> column(positions);
    for (std::size_t j = head * m; j < (head + 1) * m; ++j) {
      for (std::size_t t = 0; t < positions; ++t) column[t] = values[t][j];
      result.out.push_back(autograd::dot(weights, column));
    }
    result.scores.push_back(std::move(scores));
    result.weights.push_back(std::move(weights));
  }
  return result;
}

}  // namespace nn
