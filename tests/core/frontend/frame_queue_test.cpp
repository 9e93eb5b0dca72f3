#include "core/frontend/frame_queue.h"

#include <gtest/gtest.h>

namespace hmm {
namespace {

TEST(FrameQueue, GivesFramesBackInOrder) {
  FrameQueue queue(2);
  float next_in = 0, next_out = 0;
  for (int round = 0; round < 100; ++round) {
    for (int i = 0; i < round % 7; ++i) queue.append()[1] = next_in++;
    for (int i = 0; i < round % 5 && queue.size() > 0; ++i, queue.pop(1))
      ASSERT_EQ(queue.front()[1], next_out++);
  }
  ASSERT_EQ(static_cast<float>(queue.size()), next_in - next_out);
  EXPECT_EQ(queue[queue.size() - 1][1], next_in - 1);
  queue.clear();
  EXPECT_EQ(queue.size(), 0U);
}

TEST(FrameQueue, NewFramesAreZero) {
  FrameQueue queue(3);
  queue.append()[2] = 1;
  queue.append()[2] = 1;
  queue.pop(2);
  EXPECT_EQ(queue.append()[2], 0);
}

TEST(FrameQueue, TakeRefusesTheWrongWidth) {
  FrameQueue queue(3);
  queue.append();
  Matrix wide(1, 4), narrow(1, 2), right(2, 3);
  EXPECT_THROW(queue.take(wide.view()), DataError);
  EXPECT_THROW(queue.take(narrow.view()), DataError);
  EXPECT_EQ(queue.take(right.view()), 1U);
}

}  // namespace
}  // namespace hmm
