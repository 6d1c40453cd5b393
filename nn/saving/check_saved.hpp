// Whether the parts of a model fit one another.
#pragma once

#include <nn/save.hpp>
#include <string>

namespace nn::detail {

// Throws: Error, which begins with `what`, if they do not.
void check_saved(const std::string& what, const Model& model);

}  // namespace nn::detail
