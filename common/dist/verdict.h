#pragma once

#include <string>
#include <vector>

#include "common/dist/activity.h"
#include "common/dist/peer_board.h"

namespace parlando::dist {

/// What a rank says when it ends the job because nothing moves: what it was doing, and which ranks
/// it waits for and where those are. A rank that waits for nobody blames itself. One line.
std::string timeout_message(int rank, int size, const Activity& own, double seconds,
                            const std::string& limit_key, const std::vector<Peer>& peers);

/// What a rank says when it was asked to stop and can't, because these peers are lost.
std::string lost_peer_message(int rank, int size, const Activity& own,
                              const std::vector<Peer>& peers);

}  // namespace parlando::dist
