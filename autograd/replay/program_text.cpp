#include <autograd/replay/program.hpp>
#include <autograd/replay/tiling.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {
namespace {

class ProgramText {
 public:
  explicit ProgramText(const Program& program) : p_(program) {}

  std::string run() {
    for (const Program::Phase& phase : p_.phases) {
      preloaded_ = &phase.preloaded;
      write_prologue(phase.prologue);
      write("for each row\n", phase.body);
      for (const Program::Mean& mean : phase.means) {
        text_ += name({Argument::kUniform, mean.uniform}) + " = mean over rows " +
                 name({Argument::kSum, mean.sum}) + "\n";
      }
    }
    if (!p_.totals.empty()) text_ += "at the end\n";
    for (const Program::Totals& each : p_.totals) write_totals(each);
    return std::move(text_);
  }

 private:
  void write(const char* title, const std::vector<Instruction>& instructions) {
    if (!instructions.empty()) text_ += title;
    for (const Instruction& each : instructions) {
      if (!is_tile(each.kernel)) {
        write_line(text_of(each, p_.list));
        continue;
      }
      std::vector<std::uint32_t> list;
      for (const Instruction& part : take_apart(each, p_.list, list))
        write_line(text_of(part, list));
    }
  }
  // A number that no other part reads has the name of its place in the trace.
  void write_prologue(const Prologue& prologue) {
    const Trace& trace = prologue.trace();
    std::vector<std::string> names(trace.size());
    for (Trace::Node node = 0; node < trace.size(); ++node)
      names[node] = trace.is_leaf(node) ? uniform_name(trace.nodes[node].first)
                                        : std::string("n").append(std::to_string(node));
    for (std::size_t i = 0; i < trace.outputs.size(); ++i)
      names[trace.outputs[i]] = uniform_name(prologue.results()[i]);
    if (!prologue.empty()) text_ += "once\n";
    for (Trace::Node node = 0; node < trace.size(); ++node) {
      if (trace.is_leaf(node)) continue;
      std::string line = names[node] + " = ";
      line.append(info_of(trace.code(node)).name);
      for (const Trace::Node x : trace.operands(node)) line.append(" ").append(names[x]);
      write_line(line);
    }
  }
  void write_line(const std::string& line) { text_.append("  ").append(line).append("\n"); }

  // A total is a sum over the rows; uniforms are means.
  void write_totals(const Program::Totals& t) {
    const auto kind = t.are_uniform ? Argument::kUniform : Argument::kSum;
    const bool is_value = t.results == Results::kValues;
    for (std::uint32_t i = 0; i < t.count; ++i) {
      std::string line(is_value ? "total " : "gradient ");
      line.append(std::to_string(t.index + i)).append(t.is_added ? " += " : " = ");
      line.append(t.factor < 0 ? "-" : "").append(t.are_uniform ? "rows " : "");
      write_line(line.append(name({kind, t.from + i})));
    }
  }

  std::string name(Argument x) const {
    const auto indexed = [&](const char* kind) {
      return std::string(kind).append(std::to_string(x.index()));
    };
    switch (x.kind()) {
      case Argument::kRegister:
        return indexed("r");
      case Argument::kPreloaded:
        return uniform_name((*preloaded_)[x.index()]);
      case Argument::kUniform:
      case Argument::kZeroPlusUniform:
        return uniform_name(x.index());
      case Argument::kInput:
        return indexed("input ");
      case Argument::kOutput:
        return indexed("output ");
      case Argument::kInputGradient:
        return indexed("input gradient ");
      case Argument::kCarried:
        return indexed("carried ");
      case Argument::kSum:
        return indexed("s");
      default:
        return "";
    }
  }

  std::string uniform_name(std::uint32_t u) const {
    if (u < p_.parameters) return std::string("p").append(std::to_string(u));
    const std::uint32_t number = u - p_.parameters;
    if (number >= p_.numbers.size()) return std::string("u").append(std::to_string(u));
    return text::shortest(p_.numbers[number]);
  }

  std::string text_of(const Instruction& i, const std::vector<std::uint32_t>& list) const {
    const std::uint32_t* const entries = list.data() + (sums_or_adds(i) ? i.list() : 0);
    const std::string left = name(i.out) + " = ";
    switch (i.kernel) {
      case kBroadcast:
      case kLoad:
      case kStore:
      case kCarry:
      case kFetch:
        return left + name(i.a);
      case kStoreNegated:
        return (left + "-").append(name(i.a));
      case kCheckTrue:
        return std::string("check ").append(name(i.a)) + " is true";
      case kCheckFalse:
        return std::string("check ").append(name(i.a)) + " is false";
      default:
        break;
    }
    if (sums_over_rows(i.kernel)) return sums(i, entries);
    if (i.kernel >= kFused) return left + fused(i);
    if (!adds_up(i.kernel)) return left + operation(i, list);
    const std::string start = name(i.a), rest = terms(i, entries);
    return left + (start.empty() ? rest.substr(3) : start + rest);
  }

  static bool sums_or_adds(const Instruction& i) {
    return sums_over_rows(i.kernel) || adds_up(i.kernel);
  }

  static Argument of_register(std::uint32_t r) { return {Argument::kRegister, r}; }

  std::string sums(const Instruction& i, const std::uint32_t* entry) const {
    const bool are_pairs = i.kernel == kSumProductPairs || i.kernel == kSumAdjointProductPairs;
    std::string result;
    for (std::uint32_t k = 0; k < i.count(); ++k, entry += are_pairs ? 3 : 2) {
      const Argument factor = are_pairs ? of_register(entry[0]) : i.a;
      const std::uint32_t* const last = entry + (are_pairs ? 1 : 0);
      result.append(k == 0 ? "" : ", ").append(name({Argument::kSum, last[1]})).append(" += ");
      result += name(factor);
      if (i.kernel != kSumRows) result += " ";
      result += name(of_register(last[0]));
    }
    return result;
  }

  std::string terms(const Instruction& i, const std::uint32_t* entry) const {
    const bool are_pairs = i.kernel >= kAddProducts;
    const bool is_uniform = i.kernel == kAddUniforms || i.kernel == kAddScaled ||
                            i.kernel == kAddUniformPartials || i.kernel == kAddUniformUpstreams;
    std::string result;
    for (std::uint32_t k = 0; k < i.count(); ++k, entry += are_pairs ? 2 : 1) {
      result += " + ";
      result += is_uniform ? uniform_name(entry[0]) : name(of_register(entry[0]));
      if (are_pairs) result.append(" ").append(name(of_register(entry[1])));
    }
    return result;
  }

  std::string fused(const Instruction& i) const {
    const Fused kernel = Fused::of(i.kernel);
    std::string inner("(");
    inner.append(FusedFirst::infos[kernel.first].name).append(" ").append(name(i.a));
    inner.append(" ").append(name(i.b)).append(")");
    if (kernel.form == Fused::kOfOne)
      return std::string(FusedLastOfOne::infos[kernel.last].name) + " " + inner;
    const std::string last = std::string(FusedLast::infos[kernel.last].name) + " ";
    return kernel.form == Fused::kLeft ? last + inner + " " + name(i.c)
                                       : last + name(i.c) + " " + inner;
  }

  std::string operation(const Instruction& i, const std::vector<std::uint32_t>& list) const {
    std::string result(info_of(i.kernel).name);
    if (!i.b.is(Argument::kList)) {
      for (const Argument x : {i.a, i.b, i.c})
        if (!x.is(Argument::kNothing)) result.append(" ").append(name(x));
      return result;
    }
    for (std::uint32_t k = 0; k < i.count(); ++k)
      result.append(" ").append(name(Argument::of(list[i.list() + k])));
    if (i.kernel == code<ops::Softmax>)
      result.append(", the one at ").append(std::to_string(i.a.index()));
    return result;
  }

  const Program& p_;
  const std::vector<std::uint32_t>* preloaded_ = nullptr;
  std::string text_;
};

}  // namespace

std::string to_string(const Program& program) { return ProgramText(program).run(); }

}  // namespace autograd::detail
