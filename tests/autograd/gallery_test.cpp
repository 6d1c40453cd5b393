// The gallery: its README shows every picture that its program draws, and no other.

#include <filesystem>
#include <set>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include <tests/support/golden.hpp>
#include <tests/support/paths.hpp>

TEST_CASE("gallery: the pictures drawn, kept and shown are the same") {
  const std::filesystem::path folder = paths::source() / "examples" / "gallery";
  std::set<std::string> drawn, kept, shown;
  std::istringstream names(golden::read(paths::source() / "tests/golden/examples/gallery.txt"));
  for (std::string name; std::getline(names, name);) drawn.insert(name);
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".svg") kept.insert(entry.path().stem().string());
  const std::string readme = golden::read(folder / "README.md");
  for (auto at = readme.find("]("); at != std::string::npos; at = readme.find("](", at + 1)) {
    const std::string file = readme.substr(at + 2, readme.find(')', at) - at - 2);
    CHECK_MESSAGE(std::filesystem::exists(folder / file), file);
    if (file.ends_with(".svg")) shown.insert(file.substr(0, file.size() - 4));
  }
  CHECK(drawn.size() > 10);
  CHECK(kept == drawn);
  CHECK(shown == drawn);
}
