// Which part of the graph an operation belongs to.
//
// Nothing is written for an operation. A part has runs: the operations recorded from the time when
// its scope began, or an inner one ended, to the time when an inner one began or its scope ended.
// Runs stand in the order of recording.
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
    Time begin, end;
    Part part;
  };

  // A scope begins or ends now. close() cannot fail.
  void open(std::string_view name, std::size_t number, Time now);
  void close(Time now);
  // Ends the innermost scope, and begins one of the same name.
  void next(std::size_t number, Time now);
  // The operations recorded from then on have ended.
  void drop(Time from);
  // Others have ended: new_time(t) is what has become of the time t. Cannot fail.
  template <class NewTime> void move(const NewTime& new_time) {
    for (Run& run : runs_) run = {new_time(run.begin), new_time(run.end), run.part};
    std::erase_if(runs_, [](const Run& run) { return run.begin == run.end; });
    begin_ = new_time(begin_);
  }

  // All runs until now, in the order of recording, of parts other than 0.
  std::vector<Run> runs(Time now) const;
  Part part_of(Time at, Time now) const;
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
    Part last_child = 0;  // the one within it that was left last
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
  void enter(Part part, Time now);
  void leave_run(Time now);
  void collect();

  std::vector<Node> tree_ = std::vector<Node>(1);
  std::unordered_multimap<std::size_t, Part> by_hash_;
  std::vector<Run> runs_;
  Part current_ = 0;
  Time begin_ = 0;  // of the run that goes on
  std::size_t depth_ = 0;
  std::size_t collect_at_ = 1024;
};

}  // namespace autograd::detail
