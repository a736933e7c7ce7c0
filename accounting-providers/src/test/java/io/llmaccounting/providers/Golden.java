package io.llmaccounting.providers;

import static io.llmaccounting.usage.TokenUsage.cacheExcluded;
import static io.llmaccounting.usage.TokenUsage.cacheIncluded;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** An answer as its provider documents it, and what has to be read from it. */
record Golden(String file, Shape shape, ModelAnswer answer) {

  static final List<Golden> ANSWERS =
      List.of(
          golden("answers/openai-chat.json", Shape.OPENAI_CHAT)
              .named("gpt-5-mini-2025-08-07", "chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG", "stop")
              .tier("flex")
              .tokens(
                  cacheIncluded()
                      .input(9126)
                      .cacheRead(4864)
                      .output(3197)
                      .reasoning(2048)
                      .reportedTotal(12323)
                      .build()),
          golden("answers/openai-chat-cache-write.json", Shape.OPENAI_CHAT)
              .named("gpt-5.6-sol-2026-07-01", "chatcmpl-C1", "stop")
              .tokens(
                  cacheIncluded()
                      .input(5000)
                      .cacheRead(1000)
                      .cacheWrite5m(3000)
                      .output(10)
                      .reportedTotal(5010)
                      .build()),
          golden("answers/openai-audio.json", Shape.OPENAI_CHAT)
              .named("gpt-audio-2025-08-28", "chatcmpl-A1", "stop")
              .tokens(new TokenUsage(20, 0, 0, 0, 100, 20, 0, 70, 210L)),
          golden("answers/openai-responses.json", Shape.OPENAI_RESPONSES)
              .named("gpt-5-2025-08-07", "resp_67ccd3a9da748190baa7f1570fe91ac6", "completed")
              .tier("default")
              .extras(Map.of("web_search", 2L, "file_search", 1L))
              .tokens(new TokenUsage(200, 128, 0, 0, 0, 12, 40, 0, 380L)),
          golden("answers/openai-responses-incomplete.json", Shape.OPENAI_RESPONSES)
              .named("gpt-5-2025-08-07", "resp_2", "max_output_tokens")
              .tokens(new TokenUsage(10, 0, 0, 0, 0, 0, 16, 0, 26L)),
          golden("answers/openai-embeddings.json", Shape.OPENAI_EMBEDDINGS)
              .model("text-embedding-3-small")
              .tokens(new TokenUsage(8, 0, 0, 0, 0, 0, 0, 0, 8L)),
          golden("answers/azure-chat.json", Shape.OPENAI_CHAT)
              .provider("azure.ai.openai")
              .named("gpt-4o-2024-08-06", "chatcmpl-Az1", "stop")
              .tokens(new TokenUsage(30, 0, 0, 0, 0, 12, 0, 0, 42L)),
          golden("answers/anthropic-messages.json", Shape.ANTHROPIC_MESSAGES)
              .provider("anthropic")
              .named("claude-sonnet-4-5-20250929", "msg_01XFDUDYJgAACzvnptvVoYEL", "end_turn")
              .tier("standard")
              .extras(Map.of("web_search", 2L))
              .tokens(
                  cacheExcluded()
                      .input(2095)
                      .cacheRead(2048)
                      .cacheWrite5m(1051)
                      .cacheWrite1h(1000)
                      .output(503)
                      .reasoning(200)
                      .build()),
          golden("answers/anthropic-bedrock-invoke.json", Shape.ANTHROPIC_MESSAGES)
              .provider("aws.bedrock")
              .named("claude-3-5-sonnet-20241022", "msg_bdrk_01QfS6ZyL1GQX", "max_tokens")
              .tokens(new TokenUsage(100, 0, 50, 0, 0, 20, 0, 0, null)),
          golden("answers/anthropic-vertex.json", Shape.ANTHROPIC_MESSAGES)
              .provider("gcp.vertex_ai")
              .named("claude-opus-4-6", "msg_vrtx_01SLfTWnBU", "end_turn")
              .tier("batch")
              .tokens(new TokenUsage(100, 0, 0, 0, 0, 20, 0, 0, null)),
          golden("answers/gemini.json", Shape.GEMINI)
              .provider("gcp.gemini")
              .named("gemini-2.5-flash", "mAitaLmkHPPlz7IPvtfUqQ4", "STOP")
              .extras(Map.of("web_search_queries", 2L))
              .tokens(new TokenUsage(450, 400, 0, 0, 200, 120, 80, 0, 1250L)),
          golden("answers/gemini-thoughts-only.json", Shape.GEMINI)
              .provider("gcp.gemini")
              .named("gemini-2.5-pro", "r-2", "MAX_TOKENS")
              .tokens(new TokenUsage(10, 0, 0, 0, 0, 0, 64, 0, 74L)),
          golden("answers/vertex-gemini.json", Shape.GEMINI)
              .provider("gcp.vertex_ai")
              .named("gemini-2.5-flash", "r-3", "STOP")
              .tier("priority")
              .tokens(new TokenUsage(5, 0, 0, 0, 0, 2, 0, 0, 7L)),
          golden("answers/bedrock-converse.json", Shape.BEDROCK_CONVERSE)
              .provider("aws.bedrock")
              .finish("end_turn")
              .tier("flex")
              .tokens(new TokenUsage(30, 1000, 200, 300, 0, 628, 0, 0, 2158L)),
          golden("answers/mistral.json", Shape.OPENAI_CHAT)
              .named("mistral-small-2603", "cmpl-e5cc70bb28c444948073e77776eb30ef", "stop")
              .tokens(new TokenUsage(8, 8, 0, 0, 0, 30, 4, 0, 50L)),
          golden("answers/deepseek.json", Shape.OPENAI_CHAT)
              .provider("deepseek")
              .named("deepseek-v4-pro", "930c60df-bf64-41c9-a88e-3ec75f81e00e", "stop")
              .tokens(new TokenUsage(96, 64, 0, 0, 0, 40, 60, 0, 260L)),
          golden("answers/xai.json", Shape.OPENAI_CHAT)
              .provider("x_ai")
              .named("grok-4-0709", "a3d1008e-4544-40d4-d075-11527e794e4a", "stop")
              .extras(Map.of("search_sources", 3L))
              .tokens(new TokenUsage(26, 6, 0, 0, 0, 9, 94, 0, 135L)),
          golden("answers/cohere-chat.json", Shape.COHERE_V2)
              .provider("cohere")
              .id("c14c80c3-18eb-4519-9460-6c92edd8cfb4")
              .finish("COMPLETE")
              .tokens(new TokenUsage(3, 2, 0, 0, 0, 418, 0, 0, null)),
          golden("answers/cohere-rerank.json", Shape.COHERE_V2)
              .provider("cohere")
              .id("07734bd2-2473-4f07-94e1-0d9f0e6843cf")
              .extras(Map.of("search_units", 1L))
              .tokens(TokenUsage.NONE),
          golden("answers/openai-compatible.json", Shape.OPENAI_CHAT)
              .named("qwen3-32b", "chatcmpl-73b6", "stop")
              .tokens(new TokenUsage(7, 0, 0, 0, 0, 5, 0, 0, 12L)));

  static final List<Golden> STREAMS =
      List.of(
          golden("streams/openai-chat.sse", Shape.OPENAI_CHAT)
              .named("gpt-5-mini-2025-08-07", "chatcmpl-9", "stop")
              .tier("default")
              .tokens(new TokenUsage(7, 0, 0, 0, 0, 5, 0, 0, 12L)),
          golden("streams/openai-two-choices.sse", Shape.OPENAI_CHAT)
              .named("local", "chatcmpl-7", "length")
              .tokens(new TokenUsage(3, 0, 0, 0, 0, 3, 0, 0, 6L)),
          golden("streams/openai-responses.sse", Shape.OPENAI_RESPONSES)
              .named("gpt-5-2025-08-07", "resp_1", "completed")
              .tier("priority")
              .extras(Map.of("web_search", 1L))
              .tokens(new TokenUsage(7, 30, 0, 0, 0, 5, 6, 0, 48L)),
          golden("streams/azure-chat.sse", Shape.OPENAI_CHAT)
              .provider("azure.ai.openai")
              .named("gpt-5-mini-2025-08-07", "chatcmpl-Az", "stop")
              .tokens(new TokenUsage(7, 0, 0, 0, 0, 5, 0, 0, 12L)),
          golden("streams/anthropic-messages.sse", Shape.ANTHROPIC_MESSAGES)
              .provider("anthropic")
              .named(
                  "claude-sonnet-4-5-20250929",
                  "msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY",
                  "end_turn")
              .tier("standard")
              .extras(Map.of("web_search", 1L))
              .tokens(new TokenUsage(25, 300, 100, 0, 0, 15, 0, 0, null)),
          golden("streams/gemini.sse", Shape.GEMINI)
              .provider("gcp.gemini")
              .named("gemini-2.5-flash", "r-1", "STOP")
              .tokens(new TokenUsage(8, 0, 0, 0, 0, 7, 20, 0, 35L)),
          golden("streams/vertex-gemini-array.json", Shape.GEMINI)
              .provider("gcp.vertex_ai")
              .named("gemini-2.5-flash", "r-4", "STOP")
              .tokens(new TokenUsage(8, 0, 0, 0, 0, 3, 0, 0, 11L)),
          golden("streams/bedrock-converse.jsonl", Shape.BEDROCK_CONVERSE)
              .provider("aws.bedrock")
              .finish("end_turn")
              .tokens(new TokenUsage(30, 1000, 500, 0, 0, 20, 0, 0, 1550L)),
          golden("streams/mistral.sse", Shape.OPENAI_CHAT)
              .named("mistral-small-2603", "8a6", "stop")
              .tokens(new TokenUsage(16, 0, 0, 0, 0, 34, 0, 0, 50L)),
          golden("streams/deepseek.sse", Shape.OPENAI_CHAT)
              .provider("deepseek")
              .named("deepseek-v4-pro", "1f6", "stop")
              .tokens(new TokenUsage(13, 4, 0, 0, 0, 4, 5, 0, 26L)),
          golden("streams/xai.sse", Shape.OPENAI_CHAT)
              .provider("x_ai")
              .named("grok-4-0709", "7d3", "stop")
              .tokens(new TokenUsage(26, 6, 0, 0, 0, 9, 94, 0, 135L)),
          golden("streams/cohere-chat.sse", Shape.COHERE_V2)
              .provider("cohere")
              .id("29f14a5a-11de-4cae-9800-25e4747408ea")
              .finish("COMPLETE")
              .tokens(new TokenUsage(3, 0, 0, 0, 0, 11, 0, 0, null)),
          golden("streams/multi-line-crlf.sse", Shape.OPENAI_CHAT)
              .named("m", "m1", "stop")
              .tokens(new TokenUsage(1, 0, 0, 0, 0, 2, 0, 0, 3L)));

  /** Fails unless {@code read} is what has to be read. */
  void isIn(ReadAnswer read) {
    assertThat(read.answer()).isEqualTo(answer);
    assertThat(read.shape()).isEqualTo(shape);
    assertThat(read.unread()).isEmpty();
  }

  byte[] bytes() {
    return bytes(file);
  }

  static byte[] bytes(String file) {
    try (InputStream in = Objects.requireNonNull(Golden.class.getResourceAsStream(file), file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return file;
  }

  private static Expected golden(String file, Shape shape) {
    return new Expected(file, shape);
  }

  /** Collects what has to be read; the tokens come last. */
  private static final class Expected {
    private final String file;
    private final Shape shape;
    private String provider;
    private String model;
    private String id;
    private String finish;
    private String tier;
    private Map<String, Long> extras = Map.of();

    Expected(String file, Shape shape) {
      this.file = file;
      this.shape = shape;
    }

    Expected provider(String name) {
      provider = name;
      return this;
    }

    Expected named(String model, String id, String finish) {
      return model(model).id(id).finish(finish);
    }

    Expected model(String name) {
      model = name;
      return this;
    }

    Expected id(String text) {
      id = text;
      return this;
    }

    Expected finish(String word) {
      finish = word;
      return this;
    }

    Expected tier(String word) {
      tier = word;
      return this;
    }

    Expected extras(Map<String, Long> counts) {
      extras = counts;
      return this;
    }

    Golden tokens(TokenUsage tokens) {
      return new Golden(
          file,
          shape,
          ModelAnswer.builder()
              .provider(provider)
              .responseModel(model)
              .responseId(id)
              .tokens(tokens)
              .source(TokenSource.REPORTED)
              .extras(extras)
              .finishReason(finish)
              .serviceTier(tier)
              .build());
    }
  }
}
