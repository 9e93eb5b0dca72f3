#include "core/language/labels/json_lines.h"

#include "tests/core/language/labels/parse_failure.h"

namespace hmm {
namespace {

using ::testing::HasSubstr;

TEST(JsonLines, WritesWhatItReads) {
  const Labels labels{0,
                      2'000'000'000,
                      {{"word", {{0, 500'000'000, "say \"é\"", 0.5}}},
                       {"phone", {{500'000'000, 2'000'000'000, "x", {}}}}}};
  EXPECT_EQ(read_json_lines(write_json_lines(labels), "f"), labels);
}

TEST(JsonLines, ReadsPocketSphinx) {
  const Labels labels = read_json_lines(
      R"({"b":0.000,"d":1.200,"p":0.5,"t":"go on","w":[{"b":0.1,"d":0.2,"p":1.000,"t":"go","w":[)"
      R"({"b":0.1,"d":0.1,"p":0.9,"t":"G"},{"b":0.2,"d":0.1,"p":0.9,"t":"OW"}]},)"
      R"({"b":0.3,"d":0.4,"p":0.9,"t":"on"}]})",
      "f");
  ASSERT_EQ(labels.tiers.size(), 3u);
  EXPECT_EQ(labels.find("utterance")->labels[0], (Label{0, 1'200'000'000, "go on", 0.5}));
  EXPECT_EQ(labels.find("word")->labels[1], (Label{300'000'000, 700'000'000, "on", 0.9}));
  EXPECT_EQ(labels.find("phone")->labels[0], (Label{100'000'000, 200'000'000, "G", 0.9}));
  EXPECT_EQ(labels.find("state"), nullptr);
}

TEST(JsonLines, DamageIsNamedWithItsLine) {
  const auto failure = [](const char* text) {
    return testing::parse_failure(read_json_lines, text);
  };
  EXPECT_EQ(failure("{\"start\":0,\"end\":1,\"label\":\"a\"}\n{\"start\":\n"),
            "f: line 2: the line is not valid JSON");
  EXPECT_THAT(failure("[1]\n"), HasSubstr("no JSON object"));
  EXPECT_THAT(failure("{\"end\":1,\"label\":\"a\"}"),
              HasSubstr("\"start\" is missing or no number"));
  EXPECT_THAT(failure("{\"start\":0,\"end\":1}"), HasSubstr("\"label\" is missing or no text"));
  EXPECT_THAT(failure("{\"start\":0,\"label\":\"a\"}"), HasSubstr("\"duration\" is missing"));
  EXPECT_THAT(failure("{\"start\":-1,\"end\":1,\"label\":\"a\"}"),
              HasSubstr("\"start\" is no time"));
  EXPECT_THAT(failure("{\"start\":2,\"end\":1,\"label\":\"a\"}"),
              HasSubstr("ends before it starts"));
  EXPECT_THAT(failure("{\"start\":0,\"end\":1e99,\"label\":\"a\"}"),
              HasSubstr("\"end\" is no time"));
  EXPECT_THAT(failure("{\"start\":0,\"end\":1,\"label\":\"a\",\"confidence\":7}"),
              HasSubstr("not from 0 to 1"));
  EXPECT_THAT(failure("{\"b\":0,\"d\":1,\"t\":\"a\",\"w\":3}"), HasSubstr("\"w\" is no list"));
  EXPECT_THAT(failure("{\"b\":0,\"d\":1,\"t\":\"a\",\"w\":[3]}"), HasSubstr("is no object"));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"b\":0,\"d\":1,\"t\":\"a\",\"w\":[";
  EXPECT_THAT(failure(deep.c_str()), HasSubstr("not valid JSON"));
  for (int i = 0; i < 100'000; ++i) deep += "]}";
  EXPECT_THAT(failure(deep.c_str()), HasSubstr("deeper"));
}

}  // namespace
}  // namespace hmm
