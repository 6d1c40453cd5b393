#include <nn/data.hpp>

namespace nn {

Data xor_data() { return {{{0, 0}, {0}}, {{0, 1}, {1}}, {{1, 0}, {1}}, {{1, 1}, {0}}}; }

}  // namespace nn
