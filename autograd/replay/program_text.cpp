#include <array>
#include <charconv>

#include <autograd/replay/program.hpp>
#include <autograd/replay/tiling.hpp>

namespace autograd::detail {
namespace {

std::string register_name(std::uint32_t r) { return std::string("r").append(std::to_string(r)); }
std::string uniform_name(const Program& program, std::uint32_t u) {
  const std::uint32_t number = u - program.parameters;
  if (u < program.parameters) return std::string("p").append(std::to_string(u));
  if (number < program.numbers.size()) {
    std::array<char, 32> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), program.numbers[number]);
    return {text.data(), end.ptr};
  }
  return std::string("u").append(std::to_string(u));
}

// What a step adds up, entry by entry.
std::string entries(const Program& program, const Step& step, const std::uint32_t* list) {
  std::string result;
  const bool is_pair = step.kernel >= kAddProducts && step.kernel != kSumRows;
  for (std::uint32_t i = 0; i < step.c; ++i) {
    const std::uint32_t* const entry = list + i * (is_pair ? 2 : 1);
    const bool is_uniform = step.kernel == kAddUniforms || step.kernel == kAddScaled ||
                            step.kernel == kAddFlowsIn || step.kernel == kAddFlowsOut;
    result += " + ";
    result += is_uniform ? uniform_name(program, entry[0]) : register_name(entry[0]);
    if (is_pair) result.append(" ").append(register_name(entry[1]));
  }
  return result;
}

using Pinned = std::vector<std::uint32_t>;

// What an operation takes.
std::string operand_name(const Program& program, const Pinned& pinned, std::uint32_t r) {
  return (r & kPinned) != 0 ? uniform_name(program, pinned[r & ~kPinned]) : register_name(r);
}

std::string fused_text(const Program& program, const Pinned& pinned, const Step& step) {
  const std::string a = operand_name(program, pinned, step.a);
  const std::string b = operand_name(program, pinned, step.b);
  constexpr std::array names{"add ", "sub ", "mul ", "flow ", "unless_nan "};
  const std::size_t first = (step.kernel - kFused) / 18, k = (step.kernel - kFused) % 18;
  const std::string inner = std::string("(").append(names[first]) + a + " " + b + ")";
  if (k >= 10) return std::string(FusedLastOfOne::infos[k - 10].name) + " " + inner;
  const std::string c = operand_name(program, pinned, step.c);
  const std::string last = std::string(FusedLast::infos[k / 2].name) + " ";
  return k % 2 == 0 ? last + inner + " " + c : last + c + " " + inner;
}

std::string text_of(const Program& program, const Pinned& pinned, const Step& step,
                    const std::vector<std::uint32_t>& list) {
  const auto operand = [&](std::uint32_t r) { return operand_name(program, pinned, r); };
  const auto sum = [&](std::uint32_t i) { return std::string("s").append(std::to_string(i)); };
  const std::string out = register_name(step.out), a = register_name(step.a);
  const std::uint32_t* const entry = list.data() + step.b;
  std::string text;
  switch (step.kernel) {
    case kBroadcast:
      return out + " = " + uniform_name(program, step.a);
    case kCollect:
      return uniform_name(program, step.out) + " = " + a;
    case kLoad:
      return out + " = input " + std::to_string(step.a);
    case kStore:
    case kStoreNegated:
      return (step.b == 0 ? "output " : "input gradient ") + std::to_string(step.out) +
             (step.kernel == kStore ? " = " : " = -") + a;
    case kKeep:
      return "kept " + std::to_string(step.out) + " = " + a;
    case kFetch:
      return out + " = kept " + std::to_string(step.a);
    case kCheck:
      return "check " + a + (step.b != 0 ? " is true" : " is false");
    case kSumProductPairs:
    case kSumFlowPairs:
      for (std::uint32_t i = 0; i < step.c; ++i) {
        text += (i == 0 ? "" : ", ") + sum(entry[3 * i + 2]) +
                " += " + register_name(entry[3 * i]) + " " + register_name(entry[3 * i + 1]);
      }
      return text;
    case kSumRows:
    case kSumProducts:
    case kSumFlows:
      for (std::uint32_t i = 0; i < step.c; ++i) {
        text += (i == 0 ? "" : ", ") + sum(entry[2 * i + 1]) + " += ";
        if (step.kernel != kSumRows) text += a + " ";
        text += register_name(entry[2 * i]);
      }
      return text;
    default:
      break;
  }
  if (step.kernel >= kFused) return out + " = " + fused_text(program, pinned, step);
  if (step.kernel >= kAddRegisters) {
    const std::string start = step.a == kNone || step.a == kMinusZero ? ""
                              : (step.a & kUniform) != 0
                                  ? uniform_name(program, step.a & ~(kUniform | kFromZero))
                                  : a;
    const std::string rest = entries(program, step, entry);
    return out + " = " + (start.empty() ? rest.substr(3) : start + rest);
  }
  if (step.kernel == kGaussianOfRows) return out + " = exp -square " + operand(step.a);
  if (step.kernel == kUnless)
    return out + " = unless_nan " + operand(step.a) + " " + operand(step.b);
  text = out + " = " + std::string(ops::All::infos[step.kernel].name);
  if (facts(static_cast<Code>(step.kernel)).is_ranged) {
    for (std::uint32_t i = 0; i < step.c; ++i) text.append(" ").append(operand(entry[i]));
    if (step.kernel == code<ops::Softmax>) text += ", the one at " + std::to_string(step.a);
    return text;
  }
  for (const std::uint32_t r : {step.a, step.b, step.c})
    if (r != kNone) text += " " + operand(r);
  return text;
}

}  // namespace

std::string to_string(const Program& program) {
  std::string result;
  const auto write = [&](const char* title, const Pinned& pinned, const std::vector<Step>& steps) {
    if (steps.empty()) return;
    result += title;
    for (const Step& step : steps) {
      if (!is_tile(step.kernel)) {
        result += "  " + text_of(program, pinned, step, program.list) + "\n";
        continue;
      }
      std::vector<std::uint32_t> list;
      for (const Step& each : steps_of_tile(step, program.list, list))
        result += "  " + text_of(program, pinned, each, list) + "\n";
    }
  };
  for (std::size_t i = 0; i < program.phases.size(); ++i) {
    const Program::Phase& phase = program.phases[i];
    write("once\n", {}, phase.once);
    write("for each row\n", phase.pinned, phase.rows);
    for (const auto& mean : phase.means) {
      result += uniform_name(program, mean.uniform) + " = mean over rows s" +
                std::to_string(mean.sum) + "\n";
    }
  }
  return result;
}

}  // namespace autograd::detail
