// Files read and written whole. They appear whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace autograd::file {

// What is in the file.
//
// Throws: Error if there is no such file, it is no regular file (a directory, a device, a pipe), it
//         is longer than max_bytes, or it cannot be read.
std::string read(const std::filesystem::path& path, std::size_t max_bytes);

// Makes the file, or puts a new one in the place of the old one when the new one is complete and on
// the disk: nobody ever sees a part of it, and the old one stays if anything fails. A link stays a
// link: the file that it leads to is written, whether it exists or not. A file that is replaced
// leaves its permissions to the new one.
//
// Where the system has files without a name (Linux), the new file has none until it is complete: a
// process that is killed leaves nothing behind. If it is killed by force in the instant in which the
// complete file takes the place of another, that file is left, and the next write removes it.
//
// Throws: Error if it cannot be written, or if there is something else than a regular file.
void write(const std::filesystem::path& path, std::string_view text);

}  // namespace autograd::file
