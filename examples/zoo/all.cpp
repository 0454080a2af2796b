#include <iterator>

#include "zoo.hpp"

namespace piccolo::zoo {

std::vector<Specimen> all_specimens() {
  std::vector<Specimen> all;
  for (auto of_protocol :
       {echo_specimens(), gossip_specimens(), register_specimens(), lock_specimens()}) {
    all.insert(all.end(), std::make_move_iterator(of_protocol.begin()),
               std::make_move_iterator(of_protocol.end()));
  }
  return all;
}

}  // namespace piccolo::zoo
