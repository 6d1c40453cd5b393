// Elementary functions of several numbers at once, from libmvec of the GNU C library.
//
// Looked up at run time, so that nothing depends on it: where there is none, or not for
// this processor, every lane goes through the functions of <cmath>.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace autograd::detail {

struct Elementary {
  const char* name;
  double (*one)(double);
};
inline constexpr std::array kElementary = {
    Elementary{"exp", std::exp},     Elementary{"exp2", std::exp2},
    Elementary{"expm1", std::expm1}, Elementary{"log", std::log},
    Elementary{"log2", std::log2},   Elementary{"log10", std::log10},
    Elementary{"log1p", std::log1p}, Elementary{"cbrt", std::cbrt},
    Elementary{"sin", std::sin},     Elementary{"cos", std::cos},
    Elementary{"tan", std::tan},     Elementary{"asin", std::asin},
    Elementary{"acos", std::acos},   Elementary{"atan", std::atan},
    Elementary{"sinh", std::sinh},   Elementary{"cosh", std::cosh},
    Elementary{"tanh", std::tanh},   Elementary{"asinh", std::asinh},
    Elementary{"acosh", std::acosh}, Elementary{"atanh", std::atanh},
    Elementary{"erf", std::erf},     Elementary{"erfc", std::erfc},
};
struct ElementaryOfTwo {
  const char* name;
  double (*one)(double, double);
};
inline constexpr std::array kElementaryOfTwo = {
    ElementaryOfTwo{"pow", std::pow},
    ElementaryOfTwo{"atan2", std::atan2},
    ElementaryOfTwo{"hypot", std::hypot},
};

// Functions of 2, 4 or 8 numbers by the calling convention of vectors; null where there is none.
struct VectorMath {
  std::array<void*, kElementary.size()> of_one{};
  std::array<void*, kElementaryOfTwo.size()> of_two{};
};
extern VectorMath vector_math_of_2, vector_math_of_4, vector_math_of_8;
// Fills them, once.
void find_vector_math();
template <std::size_t kLanes> const VectorMath& vector_math() {
  return kLanes == 8 ? vector_math_of_8 : kLanes == 4 ? vector_math_of_4 : vector_math_of_2;
}

}  // namespace autograd::detail
