#include <array>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <autograd/autograd.hpp>
#include <autograd/text.hpp>
#include <nn/export.hpp>
#include <nn/saving/exported.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace {

// Beside those of C++, with a blank on both sides.
constexpr std::string_view kTakenByJavascript =
    " arguments await debugger eval finally function implements import in instanceof interface let "
    "null package super undefined var with yield ";

std::string javascript_number(double x) {
  if (std::isnan(x)) return "NaN";
  if (std::isinf(x)) return x > 0 ? "Infinity" : "-Infinity";
  return autograd::text::shortest(x);
}

std::string javascript_list(const std::vector<double>& numbers) {
  std::string result = "[";
  for (const double each : numbers)
    result += (result.size() > 1 ? ", " : "") + javascript_number(each);
  return result + "]";
}

std::string javascript_rows(const std::vector<std::vector<double>>& rows) {
  std::string result = "[\n";
  for (const std::vector<double>& row : rows)
    result += "    " + javascript_list(row) + (&row == &rows.back() ? "]" : ",\n");
  return result;
}

// Functions of <cmath> that Math has too.
bool is_function_of_math(std::string_view name) {
  constexpr std::array<std::string_view, 22> kFunctions{
      "abs", "acos",  "acosh", "asin", "asinh", "atan",  "atanh", "cbrt", "ceil", "cos",  "cosh",
      "exp", "expm1", "floor", "log",  "log10", "log1p", "log2",  "sin",  "sinh", "sqrt", "tan"};
  for (const std::string_view each : kFunctions)
    if (each == name) return true;
  return name == "tanh" || name == "trunc";
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

// A word of C++: a number, a function, a name.
std::string javascript_word(const std::string& word) {
  if (word == "INFINITY") return "Infinity";
  if (word == "NAN") return "NaN";
  if (std::isdigit(static_cast<unsigned char>(word[0])) == 0) return word;
  return javascript_number(std::strtod(word.c_str(), nullptr));
}

// An expression of C++ in JavaScript: numbers are decimal, functions those of Math. Nothing if Math
// lacks one of them.
std::optional<std::string> translated(const std::string& code) {
  std::string result;
  for (std::size_t i = 0; i < code.size();) {
    if (code.compare(i, 5, "std::") == 0) {
      std::size_t end = i + 5;
      while (end < code.size() && is_word(code[end])) ++end;
      const std::string name = code.substr(i + 5, end - i - 5);
      if (!is_function_of_math(name)) return {};
      result += "Math." + name;
      i = end;
    } else if (is_word(code[i])) {
      std::size_t end = i;
      // Of 0x1.8p-3 the sign is a part.
      const auto is_sign = [&](std::size_t at) {
        return (code[at] == '-' || code[at] == '+') && at > i && code[at - 1] == 'p' &&
               code.compare(i, 2, "0x") == 0;
      };
      while (end < code.size() && (is_word(code[end]) || is_sign(end))) ++end;
      result += javascript_word(code.substr(i, end - i));
      i = end;
    } else {
      result += code[i++];
    }
  }
  return result;
}

// What a layer gives for `net`, in functions of Math alone; nothing if that cannot be.
std::optional<std::string> in_math(const Activation& activation) {
  const std::optional<std::string> code = detail::expression(activation, "net");
  return code ? translated(*code) : std::nullopt;
}

// The name of a function that is defined before the exported one, for an activation that Math alone
// cannot give.
std::string function_name(std::string_view exported, const Activation& activation) {
  return std::string(exported) + "_" + std::string(activation.name());
}

// From y to y.
std::string javascript_layer(const Layer& layer, const std::string& number,
                             std::string_view exported) {
  const detail::LayerNumbers numbers = detail::numbers_of(layer);
  std::string out =
      in_math(layer.activation()).value_or(function_name(exported, layer.activation()) + "(net)");
  if (layer.dropout().is_on() && !layer.dropout().inverted)
    out += " * " + javascript_number(layer.dropout().keep);
  std::string result = "  // Layer " + number + ": " + std::to_string(layer.inputs()) + " -> " +
                       std::to_string(layer.units()) + ", " +
                       std::string(layer.activation().name()) + ".\n  const w" + number + " = " +
                       javascript_rows(numbers.weights) + ";\n";
  const auto list = [&](const char* name, const std::vector<double>& of) {
    if (!of.empty()) result += "  const " + (name + number) + " = " + javascript_list(of) + ";\n";
  };
  list("b", numbers.biases);
  list("mean", numbers.means);
  list("factor", numbers.factors);
  list("shift", numbers.shifts);
  result += "  y = w" + number + ".map((w, k) => {\n    let net = " +
            (numbers.biases.empty() ? "0" : "b" + number + "[k]") +
            ";\n    for (let j = 0; j < w.length; ++j) net += w[j] * y[j];\n";
  if (!numbers.means.empty())
    result += "    net = factor" + number + "[k] * (net - mean" + number + "[k]) + shift" + number +
              "[k];\n";
  return result + "    return " + out + ";\n  });\n\n";
}

}  // namespace

std::string to_javascript(const Model& model, std::string_view name) try {
  detail::check_exported("nn::to_javascript", model, name);
  if (kTakenByJavascript.find(' ' + std::string(name) + ' ') != kTakenByJavascript.npos)
    detail::fail("nn::to_javascript", "a name that is no word of JavaScript",
                 detail::excerpt(name));
  const Mlp& net = model.net;
  std::string result = "// A trained network, " + std::to_string(net.inputs());
  for (const Layer& each : net.layers()) result += " -> " + std::to_string(each.units());
  result += ", as a function. Written by nn::to_javascript().\n";
  std::set<std::string_view> defined;
  for (const Layer& each : net.layers()) {
    const Activation& activation = each.activation();
    if (in_math(activation) || !defined.insert(activation.name()).second) continue;
    result += "const " + function_name(name, activation) + " = " +
              autograd::java_script_of(activation.name()) + ";\n";
  }
  result += "function " + std::string(name) + "(x) {\n  let y = ";
  if (model.features.empty()) {
    result += "x;\n";
  } else {
    std::string features;
    for (const std::string& each : model.features)
      features += (features.empty() ? "" : ", ") + translated(detail::feature_code(each)).value();
    result += "[" + features + "];\n";
  }
  const auto scale = [&](const Standardiser& standardiser, const std::string& prefix,
                         const std::string& formula) {
    result += "  const " + prefix + "mean = " + javascript_list(standardiser.mean) + ";\n  const " +
              prefix + "deviation = " + javascript_list(standardiser.deviation) +
              ";\n  y = y.map((each, j) => " + formula + ");\n\n";
  };
  if (model.standardiser) scale(*model.standardiser, "", "(each - mean[j]) / deviation[j]");
  for (std::size_t l = 0; l < net.layers().size(); ++l)
    result += javascript_layer(net.layer(l), std::to_string(l + 1), name);
  if (model.target_standardiser)
    scale(*model.target_standardiser, "target_", "target_mean[j] + target_deviation[j] * each");
  return result + "  return y;\n}\n";
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
