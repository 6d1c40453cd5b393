// Whether the parts of a model fit one another.
#pragma once

#include <string>

#include <nn/save.hpp>

namespace nn::detail {

// Throws: Error, which begins with `what`, if they do not.
void check_saved(const std::string& what, const Model& model);

}  // namespace nn::detail
