#include "model_rows.hpp"

#include "output.hpp"

namespace cli {

nn::Model load_model(const std::string& file) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 31;
  return nn::load(file, {.activations = {}, .max_bytes = kMostBytes});
}

nn::Data rows_for(const nn::Model& model, const nn::Cells& cells) {
  if (model.columns) return model.columns->rows(cells);
  nn::Columns columns;
  const std::size_t count = model.features.empty() ? model.net.inputs() : 2;
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_named = !model.inputs.empty() && cells.names[0] != "1";
    columns.inputs.push_back({.name = is_named ? model.inputs[i] : std::to_string(i + 1)});
  }
  return columns.rows(cells);
}

}  // namespace cli
