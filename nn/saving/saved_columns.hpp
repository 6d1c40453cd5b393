// Columns in saved files.
#pragma once

#include <string>

#include <nn/columns.hpp>
#include <nn/saving/json_reader.hpp>
#include <nn/saving/json_writer.hpp>

namespace nn::detail {

void write(JsonWriter& writer, const Columns& columns);
// Throws: Error if a word is unknown.
Columns read_columns(JsonReader& reader);
// Throws: Error if an input of categories has none, or names come twice or are not UTF-8.
void check_columns(const std::string& what, const Columns& columns);

}  // namespace nn::detail
