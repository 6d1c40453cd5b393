// Which part of the graph an operation belongs to.
//
// Nothing is written for an operation. A part is a run of ids: those of the operations recorded
// from the time when its scope began, or an inner one ended, to the time when an inner one began or
// its scope ended. Runs stand in the order of recording.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <autograd/tape/tape.hpp>

namespace autograd::detail {

class Parts {
 public:
  using Part = std::uint32_t;  // its place in the tree; 0 is what is in no scope
  static constexpr std::size_t kNoNumber = std::numeric_limits<std::size_t>::max();
  struct Run {
    Id begin, end;
    Part part;
  };

  // A scope begins or ends, and the next operation is `at`. close() cannot fail.
  void open(std::string_view name, std::size_t number, Id at);
  void close(Id at);
  // The operations from <= id < to end, the last ones that were recorded.
  void drop(Id from, Id to);

  // All runs until now, by id, of parts other than 0. The next operation is `at`.
  std::vector<Run> runs_by_id(Id at) const;
  Part part_of(Id id, Id at) const;
  Part parent(Part part) const { return tree_[part].parent; }
  // "layer 1"
  std::string name(Part part) const;
  // The names from the outermost one to that of the part.
  std::vector<std::string> path(Part part) const;
  std::size_t size() const { return tree_.size(); }

 private:
  struct Node {
    std::string name = {};
    std::size_t number = kNoNumber;
    Part parent = 0;
    Part last_child = 0;  // the one within it that was entered last
    Part successor = 0;   // the one that was entered after it, within the same parent
  };
  static std::size_t hash(Part parent, std::string_view name, std::size_t number);
  bool is(Part part, Part parent, std::string_view name, std::size_t number) const {
    const Node& node = tree_[part];
    return node.parent == parent && node.number == number && node.name == name;
  }
  Part child(Part parent, std::string_view name, std::size_t number);
  Part find(Part parent, std::string_view name, std::size_t number) const;
  Part add(Part parent, std::string_view name, std::size_t number);
  void leave_run(Id at);
  void collect();

  std::vector<Node> tree_ = std::vector<Node>(1);
  std::unordered_multimap<std::size_t, Part> by_hash_;
  std::vector<Run> runs_;
  Part current_ = 0;
  Id begin_ = 0;  // of the run that goes on
  std::size_t depth_ = 0;
  std::size_t collect_at_ = 1024;
};

}  // namespace autograd::detail
