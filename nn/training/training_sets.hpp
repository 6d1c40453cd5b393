// Training sets: what is trained with and what is kept aside.
#pragma once

#include <nn/data.hpp>
#include <nn/fit.hpp>

namespace nn::detail {

struct TrainingSets {
  Data train, validation;
};

// Throws: Error if the options contradict one another, or a fraction leaves no rows on a side.
TrainingSets training_sets(const Data& data, const FitOptions& options);

}  // namespace nn::detail
