#include "common/dist/gather.h"

#include <algorithm>
#include <cstring>

namespace parlando::dist {

std::vector<std::int64_t> gather_numbers(Communicator& communicator, std::int64_t own) {
  // Each place is other than 0 on one rank alone, so the sum is that rank's number.
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(communicator.size()), 0);
  numbers[static_cast<std::size_t>(communicator.rank())] = own;
  communicator.all_reduce(std::span(numbers), ReduceOp::sum);
  return numbers;
}

std::vector<std::string> gather_texts(Communicator& communicator, const std::string& own) {
  const std::vector<std::int64_t> lengths =
      gather_numbers(communicator, static_cast<std::int64_t>(own.size()));
  const std::size_t words =
      static_cast<std::size_t>(std::ranges::max(lengths)) / sizeof(std::int64_t) + 1;
  std::vector<std::int64_t> all(lengths.size() * words, 0);
  std::memcpy(all.data() + static_cast<std::size_t>(communicator.rank()) * words, own.data(),
              own.size());
  communicator.all_reduce(std::span(all), ReduceOp::sum);
  std::vector<std::string> texts;
  for (std::size_t rank = 0; rank < lengths.size(); ++rank) {
    std::string& text = texts.emplace_back(static_cast<std::size_t>(lengths[rank]), '\0');
    std::memcpy(text.data(), all.data() + rank * words, text.size());
  }
  return texts;
}

std::vector<int> odd_ranks(const std::vector<std::int64_t>& numbers) {
  std::int64_t usual = numbers.front();
  for (const std::int64_t number : numbers) {
    if (2 * std::ranges::count(numbers, number) > std::ssize(numbers)) usual = number;
  }
  std::vector<int> odd;
  for (std::size_t rank = 0; rank < numbers.size(); ++rank) {
    if (numbers[rank] != usual) odd.push_back(static_cast<int>(rank));
  }
  return odd;
}

}  // namespace parlando::dist
