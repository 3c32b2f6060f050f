#pragma once

#include <cstddef>
#include <span>

#include "common/dist/communicator.h"

namespace parlando::dist {

/// Reduces `pieces`, each of `count` elements of `type`, into pieces[0]; the others are used up.
///
/// The order is a binary tree over neighbours: 0 + 1, 2 + 3, ..., then pairs of pairs; a piece
/// without a neighbour moves up as it is. So the bits of a sum depend on the number of pieces
/// alone, and a power of two of neighbours may be summed first, by whoever holds them, without
/// changing the bits of the whole.
void tree_reduce(std::span<void* const> pieces, std::size_t count, DataType type, ReduceOp op);

}  // namespace parlando::dist
