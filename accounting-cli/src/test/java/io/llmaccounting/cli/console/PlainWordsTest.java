package io.llmaccounting.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("faults E5: errors speak of what people know")
class PlainWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "retry in PT12M4.3S                       | retry in 12m 4s",
        "must be from PT1S to P7D                 | must be from 1s to 7d",
        "TOTAL_TOKENS limit \"a\" of 5, rolling PT1H | total tokens limit \"a\" of 5, rolling 1h",
        "REQUESTS limit \"PT1H\" of 5             | requests limit \"PT1H\" of 5",
        "calendar 1 DAY UTC                       | calendar 1 day UTC",
        "it failed: java.nio.file.NoSuchFileException: x | it failed: x",
        "java.lang.IllegalStateException: NumberFormatException: no | no"
      })
  void saysTheSameInWords(String message, String plain) {
    assertThat(PlainWords.in(message)).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "there is no file myFile.jsonl",
        "was \"TOTAL_TOKENS inputTokens PT1H\"",
        "user is TEAM_ALPHA",
        "[user=TEAM_ALPHA]",
        "set LLM_ACCOUNTING_DB",
        "/tmp/PT1H/INPUT_TOKENS"
      })
  void leavesWhatSomebodyGave(String message) {
    assertThat(PlainWords.in(message)).isEqualTo(message);
    assertThat(PlainWords.in(message.replace("myFile", "x"), PlainWords::words))
        .isEqualTo(message.replace("myFile", "x"));
  }

  @ParameterizedTest
  @CsvSource({"inputTokens,input tokens", "cacheWrite5m,cache write5m", "model,model"})
  void splitsTheNamesOfFields(String field, String words) {
    assertThat(PlainWords.words(field)).isEqualTo(words);
  }
}
