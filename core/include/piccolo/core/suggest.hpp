#pragma once

// Help with misspelled names: of configuration keys, of options, of faults.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace piccolo {

// How many single characters must be inserted, removed, replaced or swapped with their neighbour
// (each place touched once) to make `b` of `a`.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The known name that `word` most likely means, whatever its letters' case: one that it begins, or
// is within a third of its length of; the first of equals.
std::optional<std::string_view> closest_name(std::string_view word,
                                             std::span<const std::string_view> known);

// The end of a message about an unknown name: "did you mean `hold`?", or, when nothing is near,
// "known are `hold` and `retry`".
std::string suggestion(std::string_view word, std::span<const std::string_view> known);

}  // namespace piccolo
