// What a tape is made of: ids, edges, tags, and the state of its parts.
#pragma once

#include <cstddef>
#include <cstdint>

#include <autograd/ops.hpp>

namespace autograd::detail {

using Id = std::int32_t;
// When an operation was recorded: after how many others that are on the tape. While nothing has
// been reclaimed it is the id.
using Time = std::int32_t;
// Where the edge of a plain number leads: see operands.hpp.
inline constexpr Id kNumber = -1;
// What a default-constructed or moved-from Value names: the constant 0.
inline constexpr Id kZero = -2;

// From an operation to one of its operands.
struct [[gnu::packed]] Edge {
  double partial;  // the local derivative
  Id id;
};
static_assert(sizeof(Edge) == 12);

// Of every node.
// Bit-fields, as compilers take it that a store to a whole byte may change anything.
struct Tag {
  std::uint16_t code : 8;     // of an operation its place in ops::All, of a leaf LeafFlags
  std::uint16_t handles : 8;  // 0: none but tracked ones; 1: a unique one; 2 n: n shared ones
  std::uint16_t edges;        // how many (kMany: see Annotations), and EdgeFlags
};
static_assert(sizeof(Tag) == 4 && ops::All::size <= 256);
inline constexpr std::uint16_t kMostHandles = 254, kMany = 0x3fff;
// How far ahead memory is asked for, in bytes: not every processor sees by itself that three arrays
// are written side by side.
inline constexpr std::ptrdiff_t kEdgesAhead = 2048, kDataAhead = 1024;
inline constexpr std::uint32_t kMostOperations = 1u << 30;  // and as many leaves and edges a thread

// A node with one of these seems to have very many edges to the loops that know one and two edges
// only, and so gets to the code that knows all.
enum EdgeFlag : std::uint16_t { kHasTracked = 0x4000, kLabelled = 0x8000 };

// A leaf without kHasGradient is a constant, or frozen.
enum LeafFlag : Code { kHasGradient = 1, kListed = 2, kReferenced = 4, kUnused = 8 };
inline constexpr Code kConstant = 0, kVariable = kHasGradient;

// How a handle is counted: see handles.cpp.
enum Handle : std::uint32_t { kShared, kUnique, kTracked };

// A node, and what kind of handle it is counted for.
struct CountedId {
  Id id;
  Handle handle;
};

// What data and adjoint lead to before the first leaf is made: the zeros of kZero and kNumber.
inline constinit double kNoLeaves[2] = {};

// What the last backward pass left in the array of adjoints.
struct LastSweep {
  Id from = -1, to = 0;  // it wrote those of the operations to <= id <= from
  Id cleared_to = 0;     // from here on nobody has written any, not even zeros
};

// Where the edges of an operation begin, found when it is asked for.
struct EdgeIndex {
  std::uint32_t* begin = nullptr;  // by operation
  Id from = 0, known = 0;          // of the current stretch the operations from <= id < known
  std::uint32_t capacity = 0;
};

struct Leaves {
  // Stacks of ids. The dead ones have no handle, but an operation may still use them.
  Id* free = nullptr;
  Id* dead = nullptr;
  Id free_count = 0, dead_count = 0;
  Id collect_at = 0;  // dead ones
  Id capacity = 0;
  // The leaf made last, and the eight before it in turn. An edge that leads to one of them lies at
  // `since` or behind.
  struct Recent {
    Id id = 0;
    const Edge* since = nullptr;
  } newest, recent[8];
  std::uint32_t made = 0;
};

// Operations without edges: those recorded under a NoGradGuard.
struct NoGradState {
  std::uint32_t guards = 0;  // alive
  Id begin = 0;              // while there are guards: operations from here on lose their edges
  Id count = 0;              // at least as many as there are, and under a guard one more
};

// When the places of ended operations are used again. The tests have the other two.
enum class Reclaiming : std::uint8_t { kWhenFull, kAlways, kNever };

// A time that stays right when operations before it end.
struct TimeMark {
  Time time;
  TimeMark* outer;
};

}  // namespace autograd::detail
