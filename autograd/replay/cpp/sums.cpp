// Sums of a GroupedText: terms that lie evenly are loops.

#include <algorithm>
#include <cstdlib>

#include <autograd/replay/cpp/groups.hpp>

namespace autograd::detail {
namespace {

constexpr std::size_t kFewestTerms = 6;    // of a sum that is a loop
constexpr std::size_t kMostCopied = 8192;  // leaves

}  // namespace

// Stretches of the terms of a sum: those that lie evenly, and others.
std::vector<GroupedText::Run> GroupedText::runs_of(ReplayCode c, std::span<const Operand> x) const {
  const std::size_t width = is_dot(c) ? 2 : 1, terms = x.size() / width;
  // Where term k and the one behind it lie as evenly as others of a loop do.
  const auto step = [&](std::size_t term) {
    std::vector<std::int64_t> result;
    for (std::size_t k = term * width; k < (term + 1) * width; ++k) {
      const Operand &a = x[k], &b = x[k + width];
      const bool is_even = a.array == b.array && a.by_i == b.by_i && a.by_j == b.by_j &&
                           (a.array != kNone || a.node == b.node);
      if (!is_even) return std::vector<std::int64_t>();
      result.push_back(b.first - a.first);
    }
    return result;
  };
  std::vector<Run> runs;
  std::size_t plain = 0;
  for (std::size_t first = 0; first < terms;) {
    Run run{first, 1, {}};
    if (is_grouped_ && first + 1 < terms) run.step = step(first);
    while (!run.step.empty() && first + run.count < terms &&
           step(first + run.count - 1) == run.step)
      ++run.count;
    if (run.count >= kFewestTerms) {
      if (plain < first) runs.push_back({plain, first - plain, {}});
      first += run.count;
      plain = first;
      runs.push_back(std::move(run));
    } else {
      ++first;
    }
  }
  if (plain < terms) runs.push_back({plain, terms - plain, {}});
  // A sum that starts with its first term has it in front of the loop.
  const bool starts_at_zero = c == code<ops::Sum> || c == code<ops::Dot>;
  if (!starts_at_zero && !runs.empty() && !runs[0].step.empty()) {
    runs.insert(runs.begin(), {0, 1, {}});
    ++runs[1].first, --runs[1].count;
  }
  return runs;
}

// Term i of a sum, or that which is k steps behind it.
std::string GroupedText::term_of(ReplayCode c, std::span<const Operand> x, std::size_t i,
                                 std::span<const std::int64_t> steps) const {
  const std::size_t width = is_dot(c) ? 2 : 1;
  std::vector<cpp::Code> codes;
  for (std::size_t k = 0; k < width; ++k)
    codes.emplace_back(text_of(x[i * width + k], steps.empty() ? 0 : steps[k]));
  return c == kAdjointDot ? ops::AdjointProduct::value(codes[0], codes[1]).text
         : width == 2     ? codes[0].text + " * " + codes[1].text
                          : codes[0].text;
}

// The terms of a stretch that is none of a loop.
std::string GroupedText::plain_terms(ReplayCode c, std::span<const Operand> x, const Run& run,
                                     std::string sum) const {
  for (std::size_t i = run.first; i < run.first + run.count; ++i) {
    const std::string term = term_of(c, x, i, {});
    sum += (sum.empty() ? "" : " + ") + term;
  }
  return sum;
}

std::string GroupedText::sum_of(ReplayCode c, std::span<const Operand> x,
                                const std::string& indent) {
  const std::vector<Run> runs = runs_of(c, x);
  if (runs.size() == 1 && runs[0].step.empty()) {
    std::vector<cpp::Code> codes;
    for (const Operand& each : x) codes.emplace_back(text_of(each));
    return written(c, codes);
  }
  std::string sum = c == code<ops::Sum> || c == code<ops::Dot> ? "0.0" : "", result;
  for (const Run& run : runs) {
    if (run.step.empty()) {
      sum = plain_terms(c, x, run, sum);
      continue;
    }
    if (result.empty()) {
      result = lines_.add_variable(sum);
    } else if (sum != result) {
      add(indent, result + " = " + sum + ";");
    }
    add(indent, "for (int k = 0; k < " + std::to_string(run.count) + "; ++k) {");
    lines_.set_indent(indent + "  ");
    const std::string next = term_of(c, x, run.first, run.step);
    add(indent + "  ", result + " += " + next + ";");
    lines_.set_indent(indent);
    add(indent, "}");
    sum = result;
  }
  if (sum != result) add(indent, result + " = " + sum + ";");
  return result;
}

// Sums of a group whose terms lie side by side from unit to unit are added up term by term, for all
// units at a time, so that the additions of one need not wait for one another. Leaves that lie
// elsewise are copied in front of the loop over the rows.
void GroupedText::find_units() {
  std::size_t copied = 0;
  for (std::uint32_t f = 0; f < families_.size(); ++f) {
    const Family& family = families_[f];
    const ReplayCode c = trace_.code(family.node);
    if (!is_sum(c) || shape_[family.group].first > 1 || family.stage != kInRow) continue;
    const std::vector<Run> runs = runs_of(c, family.operands);
    if (runs.empty() || runs.back().step.empty() || runs.size() > 2) continue;
    if (runs.size() == 2 && !runs[0].step.empty()) continue;
    const std::size_t width = is_dot(c) ? 2 : 1;
    Units units{f, runs, {}, {}};
    bool fits = true;
    for (std::size_t k = 0; k < family.operands.size(); ++k) {
      const std::uint32_t array = family.operands[k].array;
      const std::uint32_t of = array == kNone ? kNone : arrays_[array].family;
      fits = fits && (of == kNone || families_[of].group != family.group);
    }
    for (std::size_t k = 0; k < width; ++k) {
      const Operand& x = family.operands[runs.back().first * width + k];
      units.copies.emplace_back();
      if (x.array == kNone || std::abs(x.by_j) <= 1) continue;
      const Array& array = arrays_[x.array];
      const std::size_t size = runs.back().count * family.columns;
      copied += size;
      fits = fits && array.family == kNone && array.row.empty() && !array.name.empty() &&
             has_copies_ && copied <= kMostCopied;
      units.copies.back() = prefix_.arrays + std::to_string(f) + "c" + std::to_string(k);
    }
    units.sums = prefix_.arrays + std::to_string(f) + "s";
    if (fits) units_.push_back(std::move(units));
  }
}

void GroupedText::declare_copies(const std::string& indent) {
  for (const Units& each : units_) {
    const Family& family = families_[each.family];
    const Run& run = each.runs.back();
    for (std::size_t k = 0; k < each.copies.size(); ++k) {
      if (each.copies[k].empty()) continue;
      const Operand& x = family.operands[run.first * each.copies.size() + k];
      add(indent, "double " + subscript(each.copies[k], run.count * family.columns) + ";");
      add(indent, "for (int k = 0; k < " + std::to_string(run.count) + "; ++k)");
      add(indent, "  for (int j = 0; j < " + std::to_string(family.columns) + "; ++j)");
      add(indent, "    " + copy_of(each, k) + " = " + text_of(x, run.step[k]) + ";");
    }
  }
}

std::string GroupedText::copy_of(const Units& units, std::size_t k) const {
  return subscript(units.copies[k], std::to_string(families_[units.family].columns) + " * k + j");
}

void GroupedText::write_units(const Units& units, const std::string& indent) {
  Family& family = families_[units.family];
  const ReplayCode c = trace_.code(family.node);
  const std::string sum = subscript(units.sums, "j"), inner = indent + "  ";
  const std::string loop = "for (int j = 0; j < " + std::to_string(family.columns) + "; ++j) {";
  add(indent, "double " + subscript(units.sums, family.columns) + ";");
  add(indent, loop);
  lines_.set_indent(inner);
  std::string first = c == code<ops::Sum> || c == code<ops::Dot> ? "0.0" : "";
  if (units.runs.size() > 1) first = plain_terms(c, family.operands, units.runs[0], first);
  add(inner, sum + " = " + first + ";");
  add(indent, "}");
  const Run& run = units.runs.back();
  add(indent, "for (int k = 0; k < " + std::to_string(run.count) + "; ++k) {");
  add(inner, loop);
  lines_.set_indent(inner + "  ");
  std::vector<cpp::Code> x;
  for (std::size_t k = 0; k < units.copies.size(); ++k)
    x.emplace_back(units.copies[k].empty()
                       ? text_of(family.operands[run.first * units.copies.size() + k], run.step[k])
                       : copy_of(units, k));
  const std::string term = c == kAdjointDot ? ops::AdjointProduct::value(x[0], x[1]).text
                           : x.size() == 2  ? x[0].text + " * " + x[1].text
                                            : x[0].text;
  add(inner + "  ", sum + " += " + term + ";");
  add(inner, "}");
  add(indent, "}");
  lines_.set_indent(indent);
  family.name = sum;
}

}  // namespace autograd::detail
