// The kernels of each set of instructions are compiled with flags of their own: none of their code
// may have a name that code of another file has too, or the linker might take it from there.

#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tests/support/paths.hpp>

namespace {

namespace fs = std::filesystem;

// What a command writes to its output; "" if it cannot be run.
std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string result;
  std::array<char, 4096> buffer;
  while (pipe && std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe.get()) != nullptr)
    result += buffer.data();
  return result;
}

// The object files of the kernels, below the build folder.
std::vector<fs::path> kernel_objects() {
  std::vector<fs::path> result;
  const fs::path library = paths::build("CMakeFiles/autograd.dir");
  for (const auto& entry : fs::recursive_directory_iterator(library)) {
    const std::string name = entry.path().filename().string();
    const bool is_table = name.starts_with("avx") || name.starts_with("sse");
    if (is_table && entry.path().extension() == ".o") result.push_back(entry.path());
  }
  return result;
}

// Functions of an object file that other files can see.
std::vector<std::string> shared_functions(const fs::path& object) {
  std::vector<std::string> result;
  std::istringstream listing(output_of("nm -C --defined-only '" + object.string() + "' 2>&1"));
  for (std::string line; std::getline(listing, line);) {
    // The address, what it is, the name: T and W are functions, i is chosen at run time.
    std::istringstream words(line);
    std::string address, kind, name;
    words >> address >> kind >> std::ws;
    std::getline(words, name);
    if (kind == "T" || kind == "W" || kind == "i") result.push_back(name);
  }
  return result;
}

}  // namespace

TEST_CASE("kernels: no code that is compiled for some processors has a name that others share") {
  if (output_of("nm --version 2>/dev/null").empty()) {
    MESSAGE("nm was not found: nothing is tested");
    return;
  }
  const std::vector<fs::path> objects = kernel_objects();
  REQUIRE(!objects.empty());
  std::map<std::string, std::string> home;
  for (const fs::path& object : objects) {
    const std::string file = object.filename().string();
    const std::vector<std::string> names = shared_functions(object);
    CAPTURE(file);
    CHECK(names.size() > 50);
    for (const std::string& name : names) {
      const bool has_lanes =
          name.find("Simd<") != std::string::npos || name.find("vector_math<") != std::string::npos;
      CHECK_MESSAGE(has_lanes, name);
      const std::string first = home.emplace(name, file).first->second;
      CHECK_MESSAGE(first == file, name, " is in ", first, " too");
    }
  }
}
