// Sampling: drawing one of several symbols by their probabilities.
#pragma once

#include <cstddef>
#include <ranges>
#include <span>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/random.hpp>

namespace nn {

namespace detail {

// Throws: Error unless the temperature is finite and above 0.
void check_temperature(double temperature);

}  // namespace detail

// softmax(z / temperature) of logits z. At 1 these are the probabilities of the model; below 1 the
// likely symbols become likelier, so that towards 0 the largest logit alone is left; above 1 all
// become more alike.
//
// Throws: Error if there are no logits, or the temperature is not finite and above 0.
// Source: D. H. Ackley, G. E. Hinton, T. J. Sejnowski, "A learning algorithm for Boltzmann
//         machines", Cognitive Science 9, 1985 (temperature); G. Hinton, O. Vinyals, J. Dean,
//         "Distilling the knowledge in a neural network", arXiv:1503.02531, 2015, eq. 1.
template <autograd::NumberRange Z> auto softmax(const Z& logits, double temperature) {
  detail::check_temperature(temperature);
  std::vector<decltype(logits[0] / temperature)> scaled;
  scaled.reserve(std::ranges::size(logits));
  for (const auto& each : logits) scaled.push_back(each / temperature);
  return autograd::softmax(scaled);
}

// Draws k with probability w_k / (w_1 + ... + w_n): the first k whose cumulative weight
// w_1 + ... + w_k is above u (w_1 + ... + w_n), for a uniform 0 <= u < 1.
//
// Throws: Error if there are no weights, one is negative or not finite, all are 0, their sum is
//         not finite, or u is not 0 <= u < 1.
// Cost:   linear.
// Source: L. Devroye, "Non-uniform random variate generation", 1986, section III.2 (inversion).
std::size_t categorical(std::span<const double> weights, double u);
// The same with the next number of `random`.
std::size_t categorical(std::span<const double> weights, Random& random);

namespace detail {

// w_1, w_1 + w_2, ..., added in this order.
// Throws: Error as categorical() does, in the name of `function`.
std::vector<double> cumulative(const char* function, std::span<const double> weights);
// The index of the first of `cumulative` above u times the last one, which it is if rounding leaves
// no other.
std::size_t first_above(std::span<const double> cumulative, double u);

}  // namespace detail
}  // namespace nn
