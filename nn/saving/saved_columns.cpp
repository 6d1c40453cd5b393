#include "nn/saving/saved_columns.hpp"

#include <array>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <autograd/text.hpp>
#include <nn/saving/json_values.hpp>
#include <nn/text/errors.hpp>

namespace nn::detail {

namespace {

using Kind = Columns::Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 3> kKinds{
    {{Kind::kNumber, "number"}, {Kind::kOneHot, "one-hot"}, {Kind::kOrdinal, "ordinal"}}};
constexpr std::array<std::pair<ClassTargets, std::string_view>, 3> kClassTargets{
    {{ClassTargets::kOneHot, "one-hot"},
     {ClassTargets::kZeroOne, "0 or 1"},
     {ClassTargets::kPlusMinusOne, "-1 or 1"}}};

template <class Words> std::string_view word_of(const Words& words, auto value) {
  for (const auto& [each, word] : words)
    if (each == value) return word;
  return "";
}

template <class T, class Words> void read_word(JsonReader& reader, const Words& words, T& value) {
  const std::string text = reader.string();
  std::vector<std::string> known;
  for (const auto& [each, word] : words) {
    if (word == text) {
      value = each;
      return;
    }
    known.emplace_back(word);
  }
  reader.fail("one of " + listed(known), excerpt(text));
}

void write_input(JsonWriter& writer, const Columns::Input& input) {
  writer.object([&] {
    writer.key("name");
    writer.value(input.name);
    writer.key("kind");
    writer.value(word_of(kKinds, input.kind));
    if (input.kind != Kind::kNumber) {
      writer.key("categories");
      writer.value(input.categories);
    }
    if (!input.may_miss) return;
    writer.key("missing");
    writer.value(input.missing);
  });
}

Columns::Input read_input(JsonReader& reader) {
  Columns::Input result;
  const std::vector<JsonReader::Member> members{
      {"name", [&] { read(reader, result.name); }},
      {"kind", [&] { read_word(reader, kKinds, result.kind); }},
      {"categories", [&] { read(reader, result.categories); }, false},
      {"missing",
       [&] {
         read(reader, result.missing);
         result.may_miss = true;
       },
       false}};
  reader.object(members);
  return result;
}

void check_different(const std::string& what, const std::vector<std::string>& names,
                     const std::string& of) {
  std::set<std::string> different;
  for (const std::string& name : names) {
    if (!autograd::text::is_utf8(name)) fail(what, of + " in UTF-8", excerpt(name));
    if (!different.insert(name).second) fail(what, "different " + of, excerpt(name) + " twice");
  }
}

}  // namespace

void write(JsonWriter& writer, const Columns& columns) {
  writer.object([&] {
    writer.key("inputs");
    writer.list([&] {
      for (const Columns::Input& each : columns.inputs) {
        writer.item();
        write_input(writer, each);
      }
    });
    writer.key("targets");
    writer.value(columns.targets);
    if (!columns.classes.empty()) {
      writer.key("classes");
      writer.value(columns.classes);
      writer.key("class_targets");
      writer.value(word_of(kClassTargets, columns.class_targets));
    }
    if (columns.weight.empty()) return;
    writer.key("weight");
    writer.value(columns.weight);
  });
}

Columns read_columns(JsonReader& reader) {
  Columns result;
  const std::vector<JsonReader::Member> members{
      {"inputs", [&] { reader.list([&] { result.inputs.push_back(read_input(reader)); }); }},
      {"targets", [&] { read(reader, result.targets); }},
      {"classes", [&] { read(reader, result.classes); }, false},
      {"class_targets", [&] { read_word(reader, kClassTargets, result.class_targets); }, false},
      {"weight", [&] { read(reader, result.weight); }, false}};
  reader.object(members);
  return result;
}

void check_columns(const std::string& what, const Columns& columns) {
  std::vector<std::string> names = columns.targets;
  for (const Columns::Input& each : columns.inputs) {
    names.push_back(each.name);
    if ((each.kind == Kind::kNumber) != each.categories.empty())
      fail(what, "categories for a column that has them, and for no other",
           counted(each.categories.size(), "category") + " of " + excerpt(each.name));
    if (each.may_miss && !std::isfinite(each.missing))
      fail(what, "a finite number for what is missing", autograd::text::shortest(each.missing));
    check_different(what, each.categories, "names of categories");
  }
  check_different(what, names, "names of columns");
  check_different(what, columns.classes, "names of classes");
}

}  // namespace nn::detail
