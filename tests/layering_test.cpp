// Who may include whom. The rules are stated once, in allowed() and in the table of levels.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

// The parts of the engine, from low to high. A file includes files of its own level or lower. A
// file in detail/ that is not named here stands as high as the highest file it includes.
const std::vector<std::set<std::string>> kLevels = {
    {"error", "ops", "range_ops", "block"},
    {"graph", "folded", "dual"},
    {"value", "ranges", "term", "eigen"},
    {"derivatives", "gradient", "jacobian"},
    {"check", "custom", "checkpoint", "nonfinite", "function", "dot", "explain"},
    {"autograd"},
};

const std::set<std::string> kFolders = {"autograd", "nn", "tools", "examples", "tests"};

using Files = std::map<std::string, std::string>;  // path from the root of the project -> text

fs::path first_folder(const fs::path& path) { return *path.begin(); }

// The folder of the program that a file of tools/ or examples/ belongs to: tools, or tools/bench.
fs::path program_folder(const fs::path& path) {
  const fs::path rest = path.lexically_relative(first_folder(path));
  return rest.has_parent_path() ? first_folder(path) / *rest.begin() : first_folder(path);
}

bool is_private(const fs::path& path) { return path.parent_path().filename() == "detail"; }

// The files of the project that `text`, the text of `file`, includes.
std::vector<std::string> includes(const std::string& file, const std::string& text) {
  std::vector<std::string> result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::erase_if(line, [](char c) { return c == ' ' || c == '\t'; });
    if (!line.starts_with("#include") || line.size() < 10) continue;
    const char opening = line[8];
    const auto end = line.find(opening == '<' ? '>' : '"', 9);
    if ((opening != '<' && opening != '"') || end == std::string::npos) continue;
    fs::path target = line.substr(9, end - 9);
    const bool from_root =
        kFolders.contains(first_folder(target).string()) && target.has_parent_path();
    if (opening == '"' && !from_root) target = fs::path(file).parent_path() / target;
    target = target.lexically_normal();
    if (kFolders.contains(first_folder(target).string())) result.push_back(target.generic_string());
  }
  return result;
}

// Whether `file` may include `target`, levels within the engine aside.
bool allowed(const fs::path& file, const fs::path& target) {
  const fs::path from = first_folder(file);
  const fs::path to = first_folder(target);
  if (from == "tests") return true;
  if (to == "tests") return false;
  if (from == "autograd" || from == "nn") {
    if (from == to) return true;
    return from == "nn" && target == "autograd/autograd.hpp";
  }
  if (from == to) return program_folder(file) == program_folder(target);
  return target == "autograd/autograd.hpp" || target == "nn/nn.hpp";
}

// The level of a file of the engine, or -1 if the table has to be told. `seen` ends circles.
int level(const std::string& file, const Files& files, std::set<std::string> seen = {}) {
  const std::string stem = fs::path(file).stem().string();
  for (std::size_t i = 0; i < kLevels.size(); ++i)
    if (kLevels[i].contains(stem)) return static_cast<int>(i);
  const auto text = files.find(file);
  if (!is_private(file) || text == files.end() || !seen.insert(file).second) return -1;
  int highest = 0;
  for (const std::string& target : includes(file, text->second))
    highest = std::max(highest, level(target, files, seen));
  return highest;
}

std::vector<std::string> violations(const Files& files) {
  std::vector<std::string> result;
  for (const auto& [file, text] : files) {
    const bool engine = first_folder(file) == "autograd";
    if (engine && level(file, files) < 0)
      result.push_back(file + " has no level: name it in kLevels of tests/layering_test.cpp");
    for (const std::string& target : includes(file, text))
      if (!allowed(file, target))
        result.push_back(file + " must not include " + target);
      else if (engine && level(target, files) > level(file, files))
        result.push_back(file + " must not include " + target + ", which is of a higher level");
  }
  return result;
}

Files project_files() {
  const fs::path root = AUTOGRAD_SOURCE_DIR;
  Files result;
  for (const std::string& folder : kFolders) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const fs::path& path = entry.path();
      if (path.extension() != ".hpp" && path.extension() != ".cpp") continue;
      std::ostringstream text;
      text << std::ifstream(path).rdbuf();
      result[path.lexically_relative(root).generic_string()] = text.str();
    }
  }
  return result;
}

// What is wrong if `file` has the line `#include target`, in a project with a private part that
// needs the gradients.
std::vector<std::string> including(const std::string& file, const std::string& target) {
  Files files = {{"autograd/detail/jacobian_rows.hpp", "#include <autograd/gradient.hpp>\n"}};
  files[file] += "#include " + target + "\n";
  return violations(files);
}

}  // namespace

TEST_CASE("layering: every file of the project includes only what it may") {
  const Files files = project_files();
  CHECK(files.size() > 10);
  for (const std::string& violation : violations(files)) FAIL_CHECK(violation);
}

TEST_CASE("layering: what is forbidden is found") {
  using Wrong = std::vector<std::string>;
  const auto wrong = [](const std::string& file, const std::string& target) {
    return Wrong{file + " must not include " + target};
  };
  const std::string higher = ", which is of a higher level";

  SUBCASE("the engine includes nothing but itself") {
    CHECK(including("autograd/value.hpp", "<nn/nn.hpp>") ==
          wrong("autograd/value.hpp", "nn/nn.hpp"));
    CHECK(including("autograd/value.hpp", "\"../nn/nn.hpp\"") ==
          wrong("autograd/value.hpp", "nn/nn.hpp"));
  }
  SUBCASE("within the engine, no level includes a higher one") {
    CHECK(including("autograd/graph.cpp", "<autograd/value.hpp>") ==
          wrong("autograd/graph.cpp", "autograd/value.hpp" + higher));
    CHECK(including("autograd/graph.cpp", "  \"value.hpp\"") ==
          wrong("autograd/graph.cpp", "autograd/value.hpp" + higher));
    CHECK(including("autograd/value.hpp", "\"detail/jacobian_rows.hpp\"") ==
          wrong("autograd/value.hpp", "autograd/detail/jacobian_rows.hpp" + higher));
  }
  SUBCASE("the networks include the engine's umbrella only") {
    CHECK(including("nn/layer.hpp", "<autograd/value.hpp>") ==
          wrong("nn/layer.hpp", "autograd/value.hpp"));
  }
  SUBCASE("programs include the two umbrellas only") {
    CHECK(including("examples/xor.cpp", "<nn/layer.hpp>") ==
          wrong("examples/xor.cpp", "nn/layer.hpp"));
    CHECK(including("tools/train.cpp", "\"bench/timer.hpp\"") ==
          wrong("tools/train.cpp", "tools/bench/timer.hpp"));
  }
  SUBCASE("nobody includes tests") {
    CHECK(including("nn/layer.cpp", "<tests/helpers.hpp>") ==
          wrong("nn/layer.cpp", "tests/helpers.hpp"));
  }
  SUBCASE("a new file of the engine must be given a level") {
    CHECK(
        including("autograd/novelty.hpp", "<vector>") ==
        Wrong{"autograd/novelty.hpp has no level: name it in kLevels of tests/layering_test.cpp"});
  }
}

TEST_CASE("layering: what is allowed is let through") {
  CHECK(including("autograd/graph.cpp", "<autograd/error.hpp>").empty());
  CHECK(including("autograd/function.cpp", "\"detail/jacobian_rows.hpp\"").empty());
  CHECK(including("nn/layer.hpp", "<autograd/autograd.hpp>").empty());
  CHECK(including("nn/layer.cpp", "<nn/detail/lines.hpp>").empty());
  CHECK(including("tools/bench/main.cpp", "\"timer.hpp\"").empty());
  CHECK(including("tools/bench/peers/main.cpp", "\"../timer.hpp\"").empty());
  CHECK(including("examples/xor.cpp", "<nn/nn.hpp>").empty());
  CHECK(including("examples/xor.cpp", "<autograd/autograd.hpp>").empty());
  CHECK(including("tests/value_test.cpp", "<autograd/detail/jacobian_rows.hpp>").empty());
}
