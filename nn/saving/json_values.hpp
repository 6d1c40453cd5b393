// Values of files, read by their type.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

#include <nn/random.hpp>
#include <nn/saving/json_reader.hpp>
#include <nn/saving/saved_members.hpp>
#include <nn/text/errors.hpp>

namespace nn::detail {

inline void read(JsonReader& reader, double& x) { x = reader.number(); }
inline void read(JsonReader& reader, std::uint64_t& x) { x = reader.whole_number(); }
inline void read(JsonReader& reader, std::same_as<bool> auto& x) { x = reader.boolean(); }
inline void read(JsonReader& reader, std::string& x) { x = reader.string(); }

template <class T> void read(JsonReader& reader, std::vector<T>& x) {
  x.clear();
  reader.list([&] { read(reader, x.emplace_back()); });
}

inline void read(JsonReader& reader, Random::State& state) {
  std::size_t count = 0;
  reader.list([&] {
    const std::string text = reader.string();
    std::uint64_t bits = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits, 16);
    if (text.size() != 16 || error != std::errc() || end != text.data() + 16) {
      reader.fail("16 hexadecimal digits", excerpt(text));
    }
    if (count == state.size()) reader.fail(counted(state.size(), "text"), "more");
    state[count++] = bits;
  });
  if (count < state.size()) reader.fail(counted(state.size(), "text"), std::to_string(count));
}

template <class Struct> void read(JsonReader& reader, Struct& x) {
  std::vector<JsonReader::Member> members;
  each_member(x, [&](const char* name, auto& member) {
    members.push_back({name, [&] { read(reader, member); }});
  });
  reader.object(members);
}

}  // namespace nn::detail
