// Models from files, and rows of files for them.
#pragma once

#include <string>

#include <nn/nn.hpp>

namespace cli {

nn::Model load_model(const std::string& file);

// The inputs by the names of the columns that the model was trained with or, of a model of a built-in
// set, by the names of its inputs.
// Throws: Failure or Error if a column is not there or a cell is no number.
nn::Data rows_for(const nn::Model& model, const nn::Cells& cells);

}  // namespace cli
