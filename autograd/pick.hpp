// pick: the numbers that stand at a place, where the place is a number too.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include <autograd/ranges.hpp>

namespace autograd {

namespace detail {

// Throws: Error unless it is a whole number from 0 to count - 1.
std::size_t place_of(double index, std::size_t count);
// While a Function is traced: for each place after the first, whether the index is that of it or of a
// later one. Notes that the index has to be that of a place. Else nothing.
std::vector<Value> traced_places(const Value& index, std::size_t count);

// The choice of one of `count` things by an index.
template <Number I> class Picker {
 public:
  Picker(const I& index, std::size_t count) {
    if constexpr (std::same_as<I, Value>) {
      place_ = place_of(index.number(), count);
      places_ = traced_places(index, count);
    } else {
      place_ = place_of(autograd::value_of(index), count);
    }
  }
  // of(k) of the k that was chosen.
  template <class T, class Of> T pick(const Of& of) const {
    if (places_.empty()) return of(place_);
    if constexpr (std::same_as<T, Value>) {
      T result = of(0);
      for (std::size_t k = 1; k <= places_.size(); ++k)
        result = select(places_[k - 1], of(k), result);
      return result;
    }
    return of(place_);
  }

 private:
  std::size_t place_;
  std::vector<Value> places_;
};

namespace signatures {
template <NumberRange R, NumberBeside<std::ranges::range_value_t<R>> I>
void range_and_number(const R&, const I&);
template <NumberRange R, std::integral Count, NumberBeside<std::ranges::range_value_t<R>> I>
void table_and_number(const R&, Count, const I&);
}  // namespace signatures

template <class... All>
concept RangeAndNumber = requires(const All&... x) { signatures::range_and_number(x...); };
template <class... All>
concept TableAndNumber = requires(const All&... x) { signatures::table_and_number(x...); };

// Throws: Error if there are none.
std::size_t whole_rows(std::size_t count, std::size_t columns);

template <class R, class I> auto picked(const R& x, const I& index) {
  const auto values = span_of(x);
  using T = NumberAmong<typename decltype(values)::value_type, I>;
  return Picker<I>(index, values.size()).template pick<T>([&](std::size_t k) {
    return T(values[k]);
  });
}

template <class R, class I> auto picked_row(const R& table, std::size_t columns, const I& index) {
  return with_memory_errors([&] {
    const auto values = span_of(table);
    using T = NumberAmong<typename decltype(values)::value_type, I>;
    const Picker<I> row(index, whole_rows(values.size(), columns));
    std::vector<T> result;
    result.reserve(columns);
    for (std::size_t i = 0; i < columns; ++i) {
      result.push_back(
          row.template pick<T>([&](std::size_t k) { return T(values[k * columns + i]); }));
    }
    return result;
  });
}

}  // namespace detail

// pick(values, index): x_index of x_0, ..., x_(n-1): a look-up in a table, the logit of the class
// that is asked for. While a Function is traced an index that is one of its inputs is recorded, so
// that every row picks its own number; either side may be plain numbers.
//
// Gradient: that of the result to x_index, 0 to the others and to the index.
// Throws:   Error unless the index is a whole number from 0 to n - 1; a Function for a row where it
//           is not.
// Cost:     no node; in a Function n - 1 choices.
template <class... X>
requires detail::RangeAndNumber<X...>
auto pick(const X&... values_index) {
  return detail::picked(values_index...);
}

// pick_row(table, columns, index): the row of a table that the index names, as of an embedding. The
// table lies row by row, each of `columns` numbers. Otherwise as pick().
// Throws: Error if these are not whole rows.
template <class... X>
requires detail::TableAndNumber<X...>
auto pick_row(const X&... table_columns_index) {
  return []<class R, class Count, class I>(const R& table, Count columns, const I& index) {
    return detail::picked_row(table, static_cast<std::size_t>(columns), index);
  }(table_columns_index...);
}

}  // namespace autograd
