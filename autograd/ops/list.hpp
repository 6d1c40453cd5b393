// A list of operations. An operation is listed once, by its family; everything that goes over
// operations goes over lists.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>

#include <autograd/ops/info.hpp>

namespace autograd::ops {

template <class... Ops> struct List {
  static constexpr std::size_t size = sizeof...(Ops);
  // Calls f.template operator()<Op>() for every operation, in order.
  template <class F> static constexpr void for_each(F&& f) { (f.template operator()<Ops>(), ...); }
  template <class Op> static constexpr bool contains = (std::same_as<Op, Ops> || ...);
  // The place of Op, or `size` if it is not in the list.
  template <class Op> static constexpr std::size_t index() {
    std::size_t i = 0;
    (void)((std::same_as<Op, Ops> || (++i, false)) || ...);
    return i;
  }
  static constexpr std::array<Info, size> infos{Ops::info...};
};

template <class... Ops> List<Ops...> concatenate(List<Ops...>);
template <class... First, class... Second, class... Rest>
auto concatenate(List<First...>, List<Second...>, Rest... rest)
    -> decltype(concatenate(List<First..., Second...>{}, rest...));
// The operations of several lists, one after the other.
template <class... Lists> using Concatenation = decltype(concatenate(Lists{}...));

}  // namespace autograd::ops
