// Who may include whom. The rules are stated once, in allowed() and in the table of levels.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tests/support/paths.hpp>

namespace {

namespace fs = std::filesystem;

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> result;
  for (std::string word; in >> word;) result.push_back(word);
  return result;
}

// The rooms of the engine, from low to high: a private folder, or a public header with its .cpp. A
// file includes files of its own room and of rooms before it, so that there is no circle.
const std::vector<std::string> kRooms = words(
    "error text file cpp system/ ops kernels/ tape/ value no_grad comparisons scope ranges "
    "cmath "
    "numbers/ pick derivatives gradient matrix jacobian hessian minimize strict inspect/ singular "
    "statistics draw/ svg chart tape_picture derivative_chart nonfinite check custom checkpoint "
    "replay/ function evaluator eigen/ eigen_solve eigen_vectors eigen expression/ expression "
    "formula "
    "explain symbolic/ gradient_expression worksheet dot step_curve page step_frames autograd "
    "std");

// Rooms that see less than what is before them.
const std::map<std::string, std::set<std::string>> kSeeOnly = {
    {"kernels/", {"error", "system/", "ops"}},
    {"replay/", {"error", "text", "file", "cpp", "system/", "ops", "kernels/", "draw/"}},
};
// Of these the only files that see the graph.
const std::set<std::string> kImports = {"autograd/replay/import.hpp",
                                        "autograd/replay/import.cpp",
                                        "autograd/replay/recorder.hpp",
                                        "autograd/replay/recorder.cpp",
                                        "autograd/replay/retrace.hpp",
                                        "autograd/replay/retrace.cpp",
                                        "autograd/replay/derivative_functions.cpp"};
// Rooms that only some see.
const std::map<std::string, std::set<std::string>> kSeenBy = {
    {"replay/", {"function", "evaluator"}},
    {"kernels/", {"replay/", "function"}},
};

// Small public headers that the networks and the command include besides the umbrella.
const std::set<fs::path> kHelpers = {"autograd/text.hpp", "autograd/file.hpp", "autograd/cpp.hpp"};

const std::set<std::string> kFolders = {"autograd", "nn", "tools", "examples", "tests"};

using Files = std::map<std::string, std::string>;  // path from the root of the project -> text

fs::path first_folder(const fs::path& path) { return *path.begin(); }

// The folder of the program that a file of tools/ or examples/ belongs to: tools, or tools/bench.
fs::path program_folder(const fs::path& path) {
  const fs::path rest = path.lexically_relative(first_folder(path));
  return rest.has_parent_path() ? first_folder(path) / *rest.begin() : first_folder(path);
}

// "tape/" of a file in a folder of the engine, "value" of value.hpp and value.cpp. The operations
// are one room: ops.hpp is made of the files in ops/. So are explanations and worksheets.
std::string room(const fs::path& path) {
  const fs::path rest = path.lexically_relative("autograd");
  const std::string name =
      rest.has_parent_path() ? first_folder(rest).string() + "/" : rest.stem().string();
  // Folders with the one public header that they are the inside of.
  for (const std::string one :
       {"ops", "check", "explain", "worksheet", "dot", "chart", "minimize", "page"})
    if (name == one + "/") return one;
  return name;
}

// The place of a room in the list, or -1 if the list has to be told.
int level(const std::string& room) {
  const auto found = std::ranges::find(kRooms, room);
  return found == kRooms.end() ? -1 : static_cast<int>(found - kRooms.begin());
}

// Why a file of the engine may not include another; empty if it may.
std::string refusal(const std::string& file, const std::string& target) {
  const std::string from = room(file), to = room(target);
  if (from == to) return "";
  if (level(to) > level(from)) return ", which is of a higher level";
  const auto sees = kSeeOnly.find(from);
  if (sees != kSeeOnly.end() && !sees->second.contains(to) && !kImports.contains(file))
    return ", which " + from + " does not see";
  const auto seen = kSeenBy.find(to);
  if (seen != kSeenBy.end() && !seen->second.contains(from))
    return ", which is of " + to + " alone";
  return "";
}

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
    return from == "nn" && (target == "autograd/autograd.hpp" || kHelpers.contains(target));
  }
  // What `autograd bench` times.
  if (program_folder(file) == "tools/cli" && target == "tools/bench/workloads.hpp") return true;
  // What is timed, or drawn, is what the example is read for.
  const fs::path program = program_folder(file);
  if ((program == "tools/bench" || program == "examples/gallery") &&
      program_folder(target) == "examples/microgpt")
    return true;
  // Its texts and files are written as those of the library.
  if (program == "tools/cli" && kHelpers.contains(target)) return true;
  if (from == to) return program == program_folder(target);
  return target == "autograd/autograd.hpp" || target == "autograd/eigen.hpp" ||
         target == "nn/nn.hpp";
}

std::vector<std::string> violations(const Files& files) {
  std::vector<std::string> result;
  for (const auto& [file, text] : files) {
    const bool engine = first_folder(file) == "autograd";
    if (engine && level(room(file)) < 0)
      result.push_back(file +
                       " has no level: name it in kRooms of tests/autograd/layering_test.cpp");
    for (const std::string& target : includes(file, text)) {
      if (!allowed(file, target)) {
        result.push_back(file + " must not include " + target);
      } else if (engine) {
        const std::string why = refusal(file, target);
        if (!why.empty()) result.push_back(file + " must not include " + target + why);
      }
    }
  }
  return result;
}

Files project_files() {
  const fs::path root = paths::source();
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

// The lines of a header that declare something in namespace autograd itself; forward declarations
// aside.
std::vector<std::string> public_declarations(const std::string& text) {
  std::vector<std::string> open, result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("}  // namespace")) {
      open.pop_back();
    } else if (line.starts_with("namespace ") && line.ends_with(" {")) {
      open.push_back(line.substr(10, line.size() - 12));
    } else if (open == std::vector<std::string>{"autograd"} && !line.empty() &&
               !line.starts_with("//") && !line.starts_with("#")) {
      const bool is_forward =
          (line.starts_with("class ") || line.starts_with("struct ")) && line.ends_with(";");
      if (!is_forward) result.push_back(line);
    }
  }
  return result;
}

// The classes that a header defines, with their namespaces: two of one name would be taken for one
// by the linker, whichever file includes which of them.
std::vector<std::string> defined_classes(const std::string& text) {
  std::vector<std::string> result;
  std::string open;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("}  // namespace")) {
      open.clear();
    } else if (line.starts_with("namespace ") && line.ends_with(" {")) {
      open += line.substr(10, line.size() - 12) + "::";
    } else if ((line.starts_with("class ") || line.starts_with("struct ")) && line.ends_with("{")) {
      const std::string name = words(line)[1];
      if (name.find('<') == std::string::npos) result.push_back(open + name);
    }
  }
  return result;
}

// What is wrong if `file` has the line `#include target`.
std::vector<std::string> including(const std::string& file, const std::string& target) {
  return violations({{file, "#include " + target + "\n"}});
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
  SUBCASE("within the engine, no room includes a higher one") {
    CHECK(including("autograd/tape/tape.cpp", "<autograd/value.hpp>") ==
          wrong("autograd/tape/tape.cpp", "autograd/value.hpp" + higher));
    CHECK(including("autograd/tape/tape.cpp", "  \"../value.hpp\"") ==
          wrong("autograd/tape/tape.cpp", "autograd/value.hpp" + higher));
    CHECK(including("autograd/value.hpp", "\"numbers/dual.hpp\"") ==
          wrong("autograd/value.hpp", "autograd/numbers/dual.hpp" + higher));
  }
  SUBCASE("kernels see the operations only, and of replay the import alone sees the graph") {
    CHECK(including("autograd/kernels/simd.hpp", "<autograd/error.hpp>").empty());
    CHECK(including("autograd/tape/tape.cpp", "<autograd/kernels/simd.hpp>") ==
          wrong("autograd/tape/tape.cpp", "autograd/kernels/simd.hpp, which is of kernels/ alone"));
    CHECK(including("autograd/replay/lower.cpp", "<autograd/value.hpp>") ==
          wrong("autograd/replay/lower.cpp", "autograd/value.hpp, which replay/ does not see"));
    CHECK(including("autograd/dot.cpp", "<autograd/replay/trace.hpp>") ==
          wrong("autograd/dot.cpp", "autograd/replay/trace.hpp, which is of replay/ alone"));
  }
  SUBCASE("the networks include the engine's umbrella and helpers only") {
    CHECK(including("nn/layer.hpp", "<autograd/value.hpp>") ==
          wrong("nn/layer.hpp", "autograd/value.hpp"));
  }
  SUBCASE("programs include the two umbrellas only") {
    CHECK(including("examples/xor.cpp", "<nn/layer.hpp>") ==
          wrong("examples/xor.cpp", "nn/layer.hpp"));
    CHECK(including("tools/train.cpp", "\"bench/timer.hpp\"") ==
          wrong("tools/train.cpp", "tools/bench/timer.hpp"));
    CHECK(including("tools/train.cpp", "<examples/microgpt/model.hpp>") ==
          wrong("tools/train.cpp", "examples/microgpt/model.hpp"));
  }
  SUBCASE("nobody includes tests") {
    CHECK(including("nn/layer.cpp", "<tests/support/helpers.hpp>") ==
          wrong("nn/layer.cpp", "tests/support/helpers.hpp"));
  }
  SUBCASE("a new public header or folder of the engine must be given a level") {
    const std::string where =
        " has no level: name it in kRooms of tests/autograd/layering_test.cpp";
    CHECK(including("autograd/novelty.hpp", "<vector>") == Wrong{"autograd/novelty.hpp" + where});
    CHECK(including("autograd/new/a.hpp", "<vector>") == Wrong{"autograd/new/a.hpp" + where});
  }
}

TEST_CASE("layering: what is allowed is let through") {
  CHECK(including("autograd/tape/tape.cpp", "<autograd/error.hpp>").empty());
  CHECK(including("autograd/function.cpp", "\"replay/trace.hpp\"").empty());
  CHECK(including("nn/layer.hpp", "<autograd/autograd.hpp>").empty());
  CHECK(including("nn/layer.cpp", "<nn/text/lines.hpp>").empty());
  CHECK(including("nn/layer.cpp", "<autograd/text.hpp>").empty());
  CHECK(including("tools/bench/main.cpp", "\"timer.hpp\"").empty());
  CHECK(including("tools/bench/peers/main.cpp", "\"../timer.hpp\"").empty());
  CHECK(including("tools/bench/microgpt.cpp", "<examples/microgpt/model.hpp>").empty());
  CHECK(including("examples/gallery/gallery.cpp", "<examples/microgpt/model.hpp>").empty());
  CHECK(including("examples/xor.cpp", "<nn/nn.hpp>").empty());
  CHECK(including("examples/xor.cpp", "<autograd/autograd.hpp>").empty());
  CHECK(including("examples/xor.cpp", "<autograd/eigen.hpp>").empty());
  CHECK(including("tests/autograd/value_test.cpp", "<autograd/replay/trace.hpp>").empty());
}

// The operations are one room with ops.hpp, which is public.
TEST_CASE("layering: private headers declare nothing in the public namespace") {
  for (const auto& [file, text] : project_files()) {
    const std::string of = first_folder(file) == "autograd" ? room(file) : "";
    if (!of.ends_with("/") || !file.ends_with(".hpp")) continue;
    for (const std::string& line : public_declarations(text)) FAIL_CHECK(file, ": ", line);
  }
  CHECK(public_declarations("namespace autograd {\n\nclass Value;\nvoid f();\nnamespace detail {"
                            "\nvoid g();\n}  // namespace detail\nint x;\n") ==
        std::vector<std::string>{"void f();", "int x;"});
}

TEST_CASE("layering: no two headers define classes of one name") {
  std::map<std::string, std::string> files;
  for (const auto& [file, text] : project_files()) {
    const bool is_library = first_folder(file) == "autograd" || first_folder(file) == "nn";
    if (!is_library || !file.ends_with(".hpp")) continue;
    for (const std::string& name : defined_classes(text)) {
      const auto [at, is_new] = files.try_emplace(name, file);
      if (!is_new) FAIL_CHECK(name, " is defined in ", at->second, " and in ", file);
    }
  }
  CHECK(files.size() > 200);
  CHECK(defined_classes("namespace autograd::detail {\nclass A;\nstruct B : A {\n};\n"
                        "}  // namespace autograd::detail\nstruct C {\n") ==
        std::vector<std::string>{"autograd::detail::B", "C"});
}
