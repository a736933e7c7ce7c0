package io.llmaccounting.springai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.Usage;

/** Usage as modules of Spring AI keep it, in our parts, without loss. */
class FiguresTest {
  private static final Figures ANSWER = new Figures("id-7", "gpt-5-mini", "stop");

  /** Usage in OpenAI's form. */
  public record OpenAiForm(
      @JsonProperty("prompt_tokens") Integer prompt,
      @JsonProperty("completion_tokens") Integer completion,
      @JsonProperty("prompt_tokens_details") Details details) {}

  /** Parts of it. */
  public record Details(@JsonProperty("cached_tokens") Integer cached) {}

  /** Usage in Google's form, by an SDK that wraps what may be absent. */
  public static final class GoogleForm {
    @JsonProperty("promptTokenCount")
    public Optional<Integer> prompt() {
      return Optional.of(1_000);
    }

    @JsonProperty("cachedContentTokenCount")
    public Optional<Integer> cached() {
      return Optional.of(400);
    }

    @JsonProperty("candidatesTokenCount")
    public Optional<Integer> candidates() {
      return Optional.of(120);
    }

    @JsonProperty("thoughtsTokenCount")
    public Optional<Integer> thoughts() {
      return Optional.empty();
    }
  }

  /** An object with what JSON has to quote. */
  public record Awkward(
      @JsonProperty("text") String text,
      @JsonProperty("list") List<Details> list,
      @JsonProperty("map") Map<String, Integer> map,
      @JsonProperty("none") String none) {}

  private static TokenUsage tokens(Usage usage, String module) {
    return ANSWER.answer(usage, module).tokens();
  }

  @Test
  void readsWhatTheProviderSentBeforeTheFigures() {
    Usage usage = new DefaultUsage(100, 30, 130, new OpenAiForm(100, 30, new Details(40)));

    ModelAnswer answer = ANSWER.answer(usage, "openai");

    assertThat(answer.tokens().cacheRead()).isEqualTo(40);
    assertThat(answer.tokens().input()).isEqualTo(100);
    assertThat(answer.tokens().output()).isEqualTo(30);
    assertThat(answer.responseId()).isEqualTo("id-7");
    assertThat(answer.responseModel()).isEqualTo("gpt-5-mini");
    assertThat(answer.finishReason()).isEqualTo("stop");
  }

  @Test
  void readsGooglesUsageOutOfWhatIsWrappedAroundIt() {
    TokenUsage read = tokens(new DefaultUsage(1_000, 120, 1_120, new GoogleForm()), "google");

    assertThat(read.cacheRead()).isEqualTo(400);
    assertThat(read.uncachedInput()).isEqualTo(600);
    assertThat(read.output()).isEqualTo(120);
  }

  @Test
  void takesTheFiguresWhereNothingElseIsKept() {
    assertThat(tokens(new DefaultUsage(8, 3, 11), ""))
        .isEqualTo(new TokenUsage(8, 0, 0, 0, 0, 3, 0, 0, 11L));
    assertThat(tokens(new DefaultUsage(8, 3, 11, "unknown"), "mistralai").total()).isEqualTo(11);
    assertThat(tokens(new DefaultUsage(8, 3, 11, Map.of("a", 1)), "ollama").total()).isEqualTo(11);
  }

  @Test
  void isMissingWhereNothingOrOnlyZerosAreTold() {
    assertThat(tokens(null, "openai")).isNull();
    assertThat(tokens(new DefaultUsage(0, 0, 0), "openai")).isNull();
    assertThat(tokens(new DefaultUsage(0, 0, 0, new OpenAiForm(0, 0, null)), "openai")).isNull();
  }

  @Test
  void writesWhatJsonHasToQuote() {
    Awkward usage =
        new Awkward("say \"hi\"\n\\", List.of(new Details(1)), Map.of("a \"b\"", 2), null);

    assertThat(NativeJson.of(usage))
        .isEqualTo(
            """
            {"list":[{"cached_tokens":1}],"map":{"a \\"b\\"":2},"text":"say \\"hi\\"\\u000a\\\\"}\
            """);
    assertThat(NativeJson.of("text")).isNull();
    assertThat(NativeJson.of(null)).isNull();
  }
}
