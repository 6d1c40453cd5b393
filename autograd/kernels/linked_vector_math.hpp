// The functions of libmvec.a, for programs that are linked statically: these cannot look for a shared
// library when they run. AUTOGRAD_LINK_VECTOR_MATH links them in.
#pragma once

#if defined(AUTOGRAD_LINK_VECTOR_MATH)

#include <array>
#include <string_view>
#include <utility>

// f(operands, name), for every function of vector_math.hpp.
#define AUTOGRAD_VECTOR_FUNCTIONS(f)                                                       \
  f(v, exp) f(v, exp2) f(v, expm1) f(v, log) f(v, log2) f(v, log10) f(v, log1p) f(v, cbrt) \
      f(v, sin) f(v, cos) f(v, tan) f(v, asin) f(v, acos) f(v, atan) f(v, sinh) f(v, cosh) \
          f(v, tanh) f(v, asinh) f(v, acosh) f(v, atanh) f(v, erf) f(v, erfc) f(vv, pow)   \
              f(vv, atan2) f(vv, hypot)

#define AUTOGRAD_DECLARE(operands, name) \
  void _ZGVbN2##operands##_##name();     \
  void _ZGVdN4##operands##_##name();     \
  void _ZGVeN8##operands##_##name();
extern "C" {
AUTOGRAD_VECTOR_FUNCTIONS(AUTOGRAD_DECLARE)
}
#undef AUTOGRAD_DECLARE

namespace autograd::detail {

// Null if there is none of this name.
inline void* linked_vector_function(std::string_view symbol) {
  using Function = std::pair<std::string_view, void (*)()>;
#define AUTOGRAD_NAME(operands, name)                                      \
  Function{"_ZGVbN2" #operands "_" #name, _ZGVbN2##operands##_##name},     \
      Function{"_ZGVdN4" #operands "_" #name, _ZGVdN4##operands##_##name}, \
      Function{"_ZGVeN8" #operands "_" #name, _ZGVeN8##operands##_##name},
  static const std::array kFunctions{AUTOGRAD_VECTOR_FUNCTIONS(AUTOGRAD_NAME)
                                         Function{"", nullptr}};
#undef AUTOGRAD_NAME
  for (const auto& [name, function] : kFunctions)
    if (name == symbol) return reinterpret_cast<void*>(function);
  return nullptr;
}

}  // namespace autograd::detail

#undef AUTOGRAD_VECTOR_FUNCTIONS
#endif
