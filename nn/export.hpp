// Export: a trained network as C++ or JavaScript that needs nothing else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nn/mlp.hpp>
#include <nn/save.hpp>
#include <nn/standardiser.hpp>

namespace nn {

// The text of a header with the function
//
//   std::array<double, outputs> name(const std::array<double, inputs>& x);
//
// which evaluates the network: what Standardiser::apply() and then net(x) give. It includes <array>
// and <cmath> alone, and C++17 will do. Numbers are in hexadecimal, so that none is rounded; batch
// normalisation is two numbers a unit, of those that are running when it is written. It takes the
// same operations in the same order, and so gives the same bits, with the same library of functions
// and without fused multiply-adds (-ffp-contract=off) or -ffast-math.
//
// Throws: Error if the name cannot be that of a function or may be that of a macro (capital letters
//         alone) or of a type (_t at its end), an activation is one of the caller's own, or the
//         standardiser is for another number of inputs or cannot be applied.
std::string to_cpp(const Mlp& net, std::string_view name,
                   const std::optional<Standardiser>& standardiser = {});

// The same of a model: what Model::predict() gives, from its features to the units of the targets.
std::string to_cpp(const Model& model, std::string_view name);

// The text of a function of JavaScript that does the same, from an array of numbers to one:
//
//   function name(x) { ... }
//
// Numbers are decimal and read back to the same bits; the functions are those of Math, whose last
// bits may differ. For an activation that Math has no function for, as gelu, one is written before
// it, good to 13 digits: see autograd::java_script_of().
//
// Throws: Error as above.
std::string to_javascript(const Model& model, std::string_view name);

}  // namespace nn
