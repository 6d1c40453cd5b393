// Text files of the project, and the code in them.
#pragma once

#include <string>
#include <vector>

namespace documents {

// The whole of a file, named from the root of the project.
std::string text_of(const std::string& path);

// The blocks of a document in a language: of ```cpp unless told otherwise.
std::vector<std::string> code_blocks(const std::string& path, const std::string& language = "cpp");

// Lines without the blanks in front of them.
std::string without_indentation(const std::string& text);

// Every block of code in a document stands, line by line, in a source file that compiles and runs.
void check_code_is_tested(const std::string& document, const std::string& source);

}  // namespace documents
