#include "core/model/phone_set.h"

#include "tests/core/model/io/expect_error.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;
using testing::message_of;

constexpr int kA = 0, kB = 1, kSil = 2, kNoise = 3;

void add_phones(PhoneSet::Builder& builder) {
  int32_t senone = 0;
  for (const char* name : {"A", "B"}) builder.add_phone(name, false, {{senone++}}, 0);
  for (const char* name : {"SIL", "+NOISE+"}) builder.add_phone(name, true, {{senone++}}, 0);
}

TEST(PhoneSet, FallsBackToOtherPositionsThenToThePhoneAlone) {
  PhoneSet::Builder builder(1);
  add_phones(builder);
  builder.add_triphone({kA, kB, kB, WordPosition::kEnd}, {{10}}, 0);
  builder.add_triphone({kA, kB, kB, WordPosition::kBegin}, {{11}}, 0);
  builder.add_triphone({kA, kB, kSil, WordPosition::kEnd}, {{12}}, 0);
  const PhoneSet phones = builder.build(kSil);
  const auto senone = [&](const Triphone& triphone) {
    return phones.senones(phones.hmm(triphone))[0];
  };
  EXPECT_EQ(senone({kA, kB, kB, WordPosition::kEnd}), 10);
  EXPECT_EQ(senone({kA, kB, kB, WordPosition::kBegin}), 11);
  EXPECT_EQ(senone({kA, kB, kB, WordPosition::kSingle}), 11);  // the first position listed
  EXPECT_EQ(senone({kA, kB, kSil, WordPosition::kEnd}), 12);
  EXPECT_EQ(senone({kA, kB, kNoise, WordPosition::kEnd}), 12);  // noise counts as silence
  EXPECT_EQ(senone({kA, kA, kB, WordPosition::kEnd}), 0);
  EXPECT_EQ(senone({kB, kA, kA, WordPosition::kInternal}), 1);
  EXPECT_EQ(senone({kNoise, kB, kB, WordPosition::kSingle}), 3);
}

TEST(PhoneSet, SharesEqualHmms) {
  PhoneSet::Builder builder(1);
  add_phones(builder);
  builder.add_triphone({kA, kB, kB, WordPosition::kEnd}, {{0}}, 0);
  builder.add_triphone({kA, kA, kB, WordPosition::kEnd}, {{0}}, 1);
  const PhoneSet phones = builder.build(kSil);
  EXPECT_EQ(phones.hmm({kA, kB, kB, WordPosition::kEnd}), phones.hmm(kA));
  EXPECT_NE(phones.hmm({kA, kA, kB, WordPosition::kEnd}), phones.hmm(kA));
  EXPECT_EQ(phones.hmms(), 5);
}

TEST(PhoneSet, ListsTriphonesInOrder) {
  PhoneSet::Builder builder(1);
  add_phones(builder);
  builder.add_triphone({kB, kA, kB, WordPosition::kSingle}, {{7}}, 0);
  builder.add_triphone({kA, kB, kSil, WordPosition::kBegin}, {{8}}, 0);
  const PhoneSet phones = builder.build(kSil);
  ASSERT_EQ(phones.triphones(), 2U);
  EXPECT_EQ(phones.triphone(0).base, kA);
  EXPECT_EQ(phones.triphone(0).right, kSil);
  EXPECT_EQ(phones.triphone(1).position, WordPosition::kSingle);
  EXPECT_EQ(phones.senones(phones.triphone_hmm(1))[0], 7);
}

TEST(PhoneSet, RefusesContradictions) {
  PhoneSet::Builder builder(1);
  add_phones(builder);
  EXPECT_THAT(message_of<DataError>([&] { builder.add_phone("A", false, {{9}}, 0); }),
              HasSubstr("A is listed twice"));
  EXPECT_THAT(message_of<DataError>([&] {
                builder.add_triphone({kA, 9, kA}, {{9}}, 0);
              }),
              HasSubstr("phone 9 of 4"));
  EXPECT_THAT(message_of<DataError>([&] {
                builder.add_triphone({-1, kA, kA}, {{9}}, 0);
              }),
              HasSubstr("phone -1 of 4"));
  builder.add_triphone({kA, kB, kB, WordPosition::kEnd}, {{10}}, 0);
  builder.add_triphone({kA, kB, kB, WordPosition::kEnd}, {{11}}, 0);
  EXPECT_THAT(message_of<DataError>([&] { builder.build(kSil); }), HasSubstr("A between B and B"));
  EXPECT_THAT(message_of<DataError>([&] { builder.build(4); }),
              HasSubstr("silence is phone 4 of 4"));
}

TEST(PhoneSet, RefusesMorePhonesThanItsTableHolds) {
  PhoneSet::Builder builder(1);
  for (int i = 0; i < PhoneSet::Builder::kMaximalPhones; ++i) {
    builder.add_phone(std::to_string(i), false, {{i}}, 0);
  }
  EXPECT_THAT(message_of<DataError>([&] { builder.add_phone("X", false, {{0}}, 0); }),
              HasSubstr("more than 1024"));
}

}  // namespace
}  // namespace hmm
