#include "autograd/kernels/vector_math.hpp"

#include <mutex>
#include <string>

#include <autograd/kernels/linked_vector_math.hpp>

#if defined(__x86_64__) && defined(__GLIBC__)
#include <dlfcn.h>
#endif

namespace autograd::detail {
namespace {

#if defined(__x86_64__) && defined(__GLIBC__)
// Source: the vector function ABI of x86-64: b, d and e are SSE, AVX2 and AVX-512; N is "no mask".
std::string symbol(const char* name, std::size_t lanes, const char* operands) {
  const char* const prefix = lanes == 8 ? "_ZGVeN8" : lanes == 4 ? "_ZGVdN4" : "_ZGVbN2";
  return std::string(prefix).append(operands).append("_").append(name);
}

#if defined(AUTOGRAD_LINK_VECTOR_MATH)
void* function(const std::string& name) { return linked_vector_function(name); }
#else
void* function(const std::string& name) {
  static void* const library = dlopen("libmvec.so.1", RTLD_NOW | RTLD_LOCAL);
  return library == nullptr ? nullptr : dlsym(library, name.c_str());
}
#endif

VectorMath find(std::size_t lanes) {
  VectorMath result;
  for (std::size_t i = 0; i < kElementary.size(); ++i)
    result.of_one[i] = function(symbol(kElementary[i].name, lanes, "v"));
  for (std::size_t i = 0; i < kElementaryOfTwo.size(); ++i)
    result.of_two[i] = function(symbol(kElementaryOfTwo[i].name, lanes, "vv"));
  return result;
}
#else
VectorMath find(std::size_t) { return {}; }
#endif

}  // namespace

VectorMath vector_math_of_2, vector_math_of_4, vector_math_of_8;

void find_vector_math() {
  static std::once_flag once;
  std::call_once(once, [] {
    vector_math_of_2 = find(2);
    vector_math_of_4 = find(4);
    vector_math_of_8 = find(8);
  });
}

}  // namespace autograd::detail
