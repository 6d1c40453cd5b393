// Files read and written whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace nn::detail {

// Throws: Error if there is no such file, it is not a regular file (a directory, a device, a pipe),
//         is longer than max_bytes, or cannot be read.
std::string read_file(const std::filesystem::path& path, std::size_t max_bytes);

// Writes a new file beside `path` that takes its place when it is complete, so that nobody ever
// sees a part of it and what was there before stays if anything fails. A link stays one: the file
// that it leads to is replaced.
// Throws: Error if it cannot be written, or there is something else than a regular file.
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace nn::detail
