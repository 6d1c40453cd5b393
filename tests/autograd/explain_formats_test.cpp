// Explanations in five formats, kept in tests/golden/explain; and that other programs read them.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <autograd/explain.hpp>
#include <autograd/expression.hpp>
#include <autograd/scope.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>

using namespace autograd;
using helpers::contains;

namespace {

std::vector<std::pair<std::string, Explanation>> samples() {
  std::vector<std::pair<std::string, Explanation>> result;
  const auto add = [&](const std::string& name, const std::string& text,
                       const std::string& from = "") {
    Variables names;
    const Value y = Expression(text).evaluate_into(names);
    ExplainOptions options;
    if (!from.empty()) {
      options.from = std::get<Value>(names.at(from));
      options.forward_mode = true;
    }
    result.emplace_back(name, explain(y, options));
  };
  add("reciprocal", "w0 = -2; x0 = 3; w1 = 4; y1 = w0*x0; y2 = y1 + w1; f = 1/y2");
  add("two_paths", "a = 3; b = a + 1; c = 2*a; L = b*c", "a");
  add("neuron",
      "w1 = -3; w2 = 1; b = 6.5; x1 = 2; x2 = 0.25; net = w1*x1 + w2*x2 + b; o = relu(net); "
      "t = 1; E = 0.5*(o - t)^2");
  Value loss;
  {
    const Value x(2.0, "x"), w(0.5, "w"), v(-1.0, "v");
    Value h, y;
    {
      Scope layer("layer", 1);
      h = tanh(w * x);
    }
    {
      Scope layer("layer", 2);
      y = v * h + w;
    }
    loss = square(y - 1.0);
  }
  result.emplace_back("parts", explain(loss, {.most_operations = 0}));
  return result;
}

bool can_run(const std::string& program) {
  return std::system((program + " --version > /dev/null 2>&1").c_str()) == 0;
}

}  // namespace

TEST_CASE("explain formats: the golden files") {
  for (const auto& [name, e] : samples()) {
    golden::check("explain/" + name + ".txt", e.text());
    golden::check("explain/" + name + ".md", e.markdown());
    golden::check("explain/" + name + ".tex", e.latex());
    golden::check("explain/" + name + ".html", e.html());
    golden::check("explain/" + name + ".json", e.json());
  }
}

TEST_CASE("explain formats: JSON is read back with the same bits") {
  for (const auto& [name, e] : samples()) {
    const auto json = nlohmann::json::parse(e.json());
    CHECK(json.at("result") == e.result);
    CHECK(json.at("value").get<double>() == e.value);
    if (e.nodes.empty()) continue;
    REQUIRE(json.at("nodes").size() == e.nodes.size());
    for (std::size_t i = 0; i < e.nodes.size(); ++i) {
      CHECK(json.at("nodes")[i].at("gradient").get<double>() == e.nodes[i].gradient.value);
    }
  }
  const Value odd(1.0 / 3.0, "a \"quoted\" \\ \n \xff name");
  const auto json = nlohmann::json::parse(explain(log(odd - odd)).json());
  CHECK(json.at("value") == "-inf");
  CHECK(json.at("nodes")[0].at("value").get<double>() == 1.0 / 3.0);
}

TEST_CASE("explain formats: hostile labels stay inside of HTML, LaTeX and Markdown") {
  const Value odd(2.0, "<script>&\"$\\{}%#_^~`|*");
  const Explanation e = explain(sin(odd) * odd);
  CHECK_FALSE(contains(e.html(), "<script>"));
  CHECK(contains(e.html(), "&lt;script&gt;&amp;"));
  CHECK(contains(e.latex(), "\\$\\backslash \\{\\}\\%\\#\\_\\wedge \\sim "));
}

TEST_CASE("explain formats: brackets and environments of LaTeX are closed, and it compiles") {
  std::string document =
      "\\documentclass{article}\\usepackage{amsmath}\\usepackage[utf8]{inputenc}\n"
      "\\allowdisplaybreaks\\begin{document}\n";
  for (const auto& [name, e] : samples()) {
    const std::string latex = e.latex();
    document += latex;
    int depth = 0;
    for (std::size_t i = 0; i < latex.size(); ++i) {
      if (i > 0 && latex[i - 1] == '\\') continue;
      depth += latex[i] == '{' ? 1 : latex[i] == '}' ? -1 : 0;
      CHECK(depth >= 0);
    }
    CHECK(depth == 0);
  }
  if (!can_run("pdflatex")) {
    MESSAGE("pdflatex is not installed: the LaTeX was not compiled");
    return;
  }
  const auto folder = std::filesystem::temp_directory_path() / "autograd_explain_latex";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "explain.tex") << document << "\\end{document}\n";
  const std::string command = "cd '" + folder.string() +
                              "' && pdflatex -interaction=nonstopmode -halt-on-error explain.tex "
                              "> log.txt 2>&1";
  CHECK(std::system(command.c_str()) == 0);
  std::filesystem::remove_all(folder);
}
