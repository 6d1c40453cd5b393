// autograd ops: the operations, or one of them with all that is known of it.
#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <autograd/text.hpp>
#include "commands.hpp"
#include "curve.hpp"

namespace cli {

namespace {

namespace ops = autograd::ops;

struct Operation {
  std::string_view family;
  ops::Info info;
  std::vector<ops::Interval> domain;  // of its operands; empty if it takes a vector
};

template <class List> void add_family(std::string_view family, std::vector<Operation>& result) {
  List::for_each([&]<class Op> {
    Operation operation{family, Op::info, {}};
    if constexpr (requires { Op::domain; })
      operation.domain.assign(Op::domain.begin(), Op::domain.end());
    result.push_back(std::move(operation));
  });
}

std::vector<Operation> all_operations() {
  std::vector<Operation> result;
  add_family<ops::Arithmetic>("arithmetic", result);
  add_family<ops::Powers>("powers, exponentials, logarithms", result);
  add_family<ops::Logarithms>("logarithms of exponentials", result);
  add_family<ops::Trigonometric>("angles and areas", result);
  add_family<ops::SpecialFunctions>("error functions", result);
  add_family<ops::GammaFunctions>("gamma functions", result);
  add_family<ops::RemovableSingularities>("quotients without their singularity", result);
  add_family<ops::Piecewise>("steps, choosing, rounding", result);
  add_family<ops::FloatingPoint>("numbers as they are stored", result);
  add_family<ops::Activations>("activations", result);
  add_family<ops::Comparisons>("comparisons", result);
  add_family<ops::Choices>("choices", result);
  add_family<ops::Ranged>("of vectors", result);
  return result;
}

std::string call_of(const Operation& operation) {
  const std::string name(operation.info.name);
  if (operation.family == "arithmetic" && operation.info.symbol != operation.info.name)
    return std::string(operation.info.formula);
  if (name == "select") return "select(c, x, y)";
  if (name == "dot") return "dot(x, y)";
  return name + (operation.domain.size() == 2 ? "(x, y)" : "(x)");
}

std::string domain_of(const Operation& operation) {
  std::string result;
  for (std::size_t i = 0; i < operation.domain.size(); ++i) {
    const auto [low, high] = operation.domain[i];
    if (!std::isfinite(low) && !std::isfinite(high)) continue;
    std::string text = i == 0 ? "x" : "y";
    if (std::isfinite(low)) text = autograd::text::shortest(low) + " <= " + text;
    if (std::isfinite(high)) text += " <= " + autograd::text::shortest(high);
    result += (result.empty() ? "" : ", ") + text;
  }
  return result.empty() ? "all numbers" : result;
}

Json json_of(const Operation& operation) {
  Json derivatives = Json::array();
  for (const std::string_view each : operation.info.derivatives)
    if (!each.empty()) derivatives.push_back(each);
  return {{"name", operation.info.name},
          {"call", call_of(operation)},
          {"family", operation.family},
          {"formula", operation.info.formula},
          {"derivatives", derivatives},
          {"domain", operation.domain.empty() ? "vectors" : domain_of(operation)},
          {"choice", operation.info.choice}};
}

// Over a part of its domain; none of an operation of vectors or of two operands.
std::string curve_of(const Operation& operation) {
  if (operation.domain.size() != 1) return "";
  const auto [low, high] = operation.domain[0];
  Limits range{-3, 3};
  if (std::isfinite(low)) range = {low, std::isfinite(high) ? high : low + 4};
  const autograd::Expression expression(std::string(operation.info.name) + "(x)");
  const Curve curve = curve_of(expression, {}, "x", range, 121);
  const std::string name = call_of(operation);
  return text_plot({{name, "o", curve.value}, {"its derivative", ".", curve.slope}}, "x", range);
}

void describe(const Operation& operation, Session& session) {
  const ops::Info& info = operation.info;
  std::vector<autograd::text::TableRow> rows;
  const auto add = [&](std::string_view name, std::string_view text) {
    if (!text.empty()) rows.push_back({std::string(name), std::string(text)});
  };
  add("value", info.formula);
  add(info.derivatives[1].empty() ? "derivative" : "by x", info.derivatives[0]);
  add("by y", info.derivatives[1]);
  if (!operation.domain.empty()) add("domain", domain_of(operation));
  add("at hard points", info.choice);
  session.out.line(session.out.styled(Style::kHeading, call_of(operation)));
  session.out.print(autograd::text::table(rows, "l"));
  const bool is_written_so = info.symbol.size() > 1 || operation.family != "arithmetic";
  const std::string curve = is_written_so ? curve_of(operation) : "";
  if (!curve.empty()) session.out.print("\n" + curve);
}

void list_operations(const std::string& name, bool is_json, Session& session) {
  const std::vector<Operation> all = all_operations();
  if (!name.empty()) {
    for (const Operation& each : all) {
      if (each.info.name != name) continue;
      return is_json ? session.out.json(json_of(each)) : describe(each, session);
    }
    throw Failure("there is no operation '" + name + "'; `autograd ops` lists them");
  }
  if (is_json) {
    Json list = Json::array();
    for (const Operation& each : all) list.push_back(json_of(each));
    return session.out.json(list);
  }
  std::string_view family;
  std::vector<autograd::text::TableRow> rows;
  for (const Operation& each : all)
    rows.push_back({"  " + call_of(each), std::string(each.info.formula)});
  const std::string lines = autograd::text::table(rows, "l");
  std::size_t at = 0;
  for (const Operation& each : all) {
    if (each.family != family) {
      session.out.line((family.empty() ? "" : "\n") +
                       session.out.styled(Style::kHeading, each.family));
      family = each.family;
    }
    const std::size_t end = lines.find('\n', at);
    session.out.line(lines.substr(at, end - at));
    at = end + 1;
  }
}

}  // namespace

void add_ops(CLI::App& app, Session& session) {
  struct Arguments {
    std::string name;
    bool is_json = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = app.add_subcommand("ops", "The operations; or one with its derivative");
  command->add_option("name", arguments->name, "The operation to describe")->type_name("NAME");
  add_json_flag(*command, arguments->is_json);
  add_examples(*command, "  autograd ops\n  autograd ops tanh\n  autograd ops atan2 --json");
  command->callback(
      [arguments, &session] { list_operations(arguments->name, arguments->is_json, session); });
}

}  // namespace cli
