// autograd repl: expressions line by line.
#include <cstdio>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <autograd/text.hpp>
#include "commands.hpp"
#include "line_editor.hpp"
#include "messages.hpp"

namespace cli {

namespace {

using autograd::Value;

constexpr const char* kReplHelp =
    "x = 2            gives a name a number\n"
    "h = tanh(w*x)    gives a name to a result\n"
    "h^2              the value and its derivatives\n"
    "?                the chain rule of the last line, step by step\n"
    ":grad x          the derivative of the last line by x, as an expression\n"
    ":tree            the graph of the last line\n"
    ":vars            all names\n"
    ":history         all lines\n"
    ":quit            or Ctrl-D\n";

class Repl {
 public:
  explicit Repl(Session& session) : session_(session), editor_("> ") {}

  void run() {
    if (editor_.is_terminal())
      session_.out.line("Expressions line by line; :help tells more, Ctrl-D ends.");
    session_.out.flush();
    while (const auto line = editor_.read()) {
      if (*line == ":quit") break;
      try {
        take(*line);
      } catch (const std::exception& error) {
        session_.exit_code = 2;
        std::fprintf(stderr, "%s\n", for_users(error.what()).c_str());
      }
      session_.out.flush();
    }
    // At a terminal mistakes are a part of it.
    if (editor_.is_terminal()) session_.exit_code = 0;
  }

 private:
  void take(const std::string& line) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string::npos || line[begin] == '#') return;
    const std::string text = line.substr(begin);
    if (text == "?") return session_.out.print(autograd::explain(last()).text());
    if (text.starts_with(':')) return obey(text);
    evaluate(text);
  }

  void obey(const std::string& text) {
    if (text == ":help") return session_.out.print(kReplHelp);
    if (text == ":vars") return list_names();
    if (text == ":tree") {
      if (has_inputs()) last().backward();
      return session_.out.print(autograd::to_tree(last()));
    }
    if (text == ":history") {
      for (const std::string& each : editor_.history()) session_.out.line(each);
      return;
    }
    if (text.starts_with(":grad ")) {
      const std::string name = text.substr(6);
      for (const auto& [each, leaf] : leaves())
        if (each == name)
          return session_.out.line(autograd::gradient_expression(last(), leaf).to_string());
      throw Failure("there is no number '" + name + "'; :vars lists all names");
    }
    throw Failure("there is no '" + text + "'; :help lists what there is");
  }

  void evaluate(const std::string& text) {
    const autograd::Expression expression(text);
    for (const std::string& name : expression.variables())
      if (!variables_.contains(name))
        throw Failure("'" + name + "' has no number yet: " + name + " = 1");
    autograd::Variables all = variables_;
    const Value result = expression.evaluate_into(all);
    variables_ = std::move(all);
    last_ = result;
    const std::string label(result.label());
    const std::string name = label.empty() ? "f" : label;
    session_.out.line((label.empty() ? "" : label + " = ") +
                      autograd::text::rounded(result.data(), 6));
    if (result.is_leaf()) return;
    const auto inputs = leaves();
    std::vector<Value> xs;
    for (const auto& [each, leaf] : inputs) xs.push_back(leaf);
    const std::vector<Value> slopes = autograd::derivatives(result, xs);
    for (std::size_t i = 0; i < xs.size(); ++i) {
      if (slopes[i].data() == 0) continue;
      session_.out.line(
          session_.out.styled(Style::kMuted, "  d" + name + "/d" + inputs[i].first + " = " +
                                                 autograd::text::rounded(slopes[i].data(), 6)));
    }
  }

  void list_names() {
    std::vector<autograd::text::TableRow> rows;
    for (const auto& [name, variable] : variables_) {
      if (const Value* const number = std::get_if<Value>(&variable)) {
        rows.push_back({name, autograd::text::rounded(number->data(), 6)});
        continue;
      }
      std::string text;
      for (const Value& each : std::get<std::vector<Value>>(variable))
        text += (text.empty() ? "[" : ", ") + autograd::text::rounded(each.data(), 6);
      rows.push_back({name, text + "]"});
    }
    if (!rows.empty()) session_.out.print(autograd::text::table(rows, "l"));
  }

  // Those that have names of their own.
  std::vector<std::pair<std::string, Value>> leaves() const {
    std::vector<std::pair<std::string, Value>> result;
    const auto add = [&](const std::string& name, const Value& value) {
      if (value.is_leaf() && value.label() == name) result.emplace_back(name, value);
    };
    for (const auto& [name, variable] : variables_) {
      if (const Value* const number = std::get_if<Value>(&variable)) {
        add(name, *number);
        continue;
      }
      const auto& elements = std::get<std::vector<Value>>(variable);
      for (std::size_t i = 0; i < elements.size(); ++i)
        add(name + '[' + std::to_string(i) + ']', elements[i]);
    }
    return result;
  }

  bool has_inputs() const {
    for (const auto& [name, leaf] : leaves())
      if (autograd::derivatives(*last_, {leaf})[0].data() != 0) return true;
    return false;
  }

  const Value& last() const {
    if (!last_) throw Failure("there is no line yet");
    return *last_;
  }

  Session& session_;
  LineEditor editor_;
  autograd::Variables variables_;
  std::optional<Value> last_;
};

}  // namespace

void add_repl(CLI::App& app, Session& session) {
  CLI::App* const command =
      app.add_subcommand("repl", "Expressions line by line; names are kept, ? explains");
  add_examples(*command,
               "  autograd repl\n"
               "  echo 'x = 3; x^2' | autograd repl\n\n" +
                   std::string(kReplHelp));
  command->callback([&session] { Repl(session).run(); });
}

}  // namespace cli
