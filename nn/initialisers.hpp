// Initialisers: where the weights of a network start.
//
// Equal weights stay equal under gradient descent (the units of a layer receive equal gradients),
// so that zeros() and constant() are for biases and for showing just this.
#pragma once

#include <cstddef>
#include <functional>

#include <nn/random.hpp>

namespace nn {

// One starting value of a weight into a unit with `fan_in` inputs, in a layer of `fan_out` units.
using Initialiser = std::function<double(std::size_t fan_in, std::size_t fan_out, Random& random)>;

// Throws: Error if a number is not finite, low > high, or the deviation is negative.
Initialiser zeros();
Initialiser constant(double x);
Initialiser uniform(double low = -1, double high = 1);
Initialiser normal(double mean = 0, double deviation = 1);

// Uniform within +-sqrt(3 / fan_in), or normal with variance 1 / fan_in: a unit whose inputs have
// variance 1 has a weighted sum of variance 1.
//
// Source: Y. LeCun, L. Bottou, G. Orr, K.-R. Mueller, "Efficient BackProp", in "Neural networks:
//         tricks of the trade", 1998, eq. 16.
Initialiser lecun_uniform();
Initialiser lecun_normal();

// Uniform within +-sqrt(6 / (fan_in + fan_out)), or normal with variance 2 / (fan_in + fan_out):
// keeps the variance of tanh units in both directions.
// The default of all networks is xavier_uniform().
//
// Source: X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural
//         networks", AISTATS 2010, eq. 12 and 16.
Initialiser xavier_uniform();
Initialiser xavier_normal();

// Uniform within +-sqrt(6 / fan_in), or normal with variance 2 / fan_in: keeps the variance of relu
// units, of which half are 0.
//
// Source: K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers", ICCV 2015, eq. 10.
Initialiser he_uniform();
Initialiser he_normal();

}  // namespace nn
