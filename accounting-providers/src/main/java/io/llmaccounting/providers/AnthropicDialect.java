package io.llmaccounting.providers;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Anthropic's messages: input excludes cached tokens, and a stream reports running counts. */
final class AnthropicDialect implements Dialect {
  private static final AnswerFields FIELDS =
      new AnswerFields()
          .usageAt("message.usage", "usage")
          .word(Word.ID, "message.id", "id")
          .word(Word.MODEL, "message.model", "model")
          .word(Word.FINISH, "delta.stop_reason", "stop_reason", "message.stop_reason")
          .word(Word.TIER, "message.usage.service_tier", "usage.service_tier")
          .word(Word.SPEED, "message.usage.speed", "usage.speed")
          .word(Word.CREATED, "timestamp")
          .word(Word.MARK, "type", "message.type", "usage.inference_geo", "custom_id", "recordId")
          .count(Count.INPUT, "input_tokens")
          .count(Count.CACHE_READ, "cache_read_input_tokens")
          .count(Count.CACHE_WRITE, "cache_creation_input_tokens")
          .count(Count.CACHE_WRITE_5M, "cache_creation.ephemeral_5m_input_tokens")
          .count(Count.CACHE_WRITE_1H, "cache_creation.ephemeral_1h_input_tokens")
          .count(Count.OUTPUT, "output_tokens")
          .count(Count.REASONING, "output_tokens_details.thinking_tokens")
          .count(Count.TOTAL, "total_tokens")
          .extra("web_search", "server_tool_use.web_search_requests")
          .extra("web_fetch", "server_tool_use.web_fetch_requests")
          .extra("code_execution", "server_tool_use.code_execution_requests")
          .partOfOthers(
              "iterations.input_tokens",
              "iterations.output_tokens",
              "iterations.cache_read_input_tokens",
              "iterations.cache_creation_input_tokens",
              "iterations.cache_creation.ephemeral_5m_input_tokens",
              "iterations.cache_creation.ephemeral_1h_input_tokens");

  /** The words for places where the price is the standard one. */
  private static final Set<String> NOWHERE = Set.of("global", "not_available");

  @Override
  public Shape shape() {
    return Shape.ANTHROPIC_MESSAGES;
  }

  @Override
  public AnswerFields fields() {
    return FIELDS;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    return Evidence.of(
        false,
        event.wordIs("type", "message", "message_start", "message_delta", "message_stop")
            || event.wordStarts("type", "content_block_")
            || event.wordIs("message.type", "message"),
        event.usageHas("cache_read_input_tokens", "cache_creation_input_tokens"));
  }

  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    String provider = provider(event, usage, state.words());
    if (provider != null) {
      state.provider(provider);
    }
    state.words().set(Word.REGION, region(usage));
    // A line of a transcript is final once it tells why the message stopped.
    boolean line =
        event.wordIs("message.type", "message") && !event.wordIs("type", "message_start");
    state.terminated(
        event.wordIs("type", "message_stop", "message")
            || (line && event.word("message.stop_reason") != null));
  }

  /** Where the model ran, if that has a price of its own; null where not. */
  static @Nullable String region(@Nullable UsageTree usage) {
    String geography = usage == null ? null : usage.word("inference_geo");
    return geography == null || NOWHERE.contains(geography) ? null : geography;
  }

  /**
   * The clouds that pass the answers on mark their ids. Others offer models of their own in this
   * form, and do not say who they are.
   */
  private static @Nullable String provider(
      AnswerEvent event, @Nullable UsageTree usage, AnswerWords words) {
    String seller = OpenAiFields.seller(event, usage);
    String id = words.get(Word.ID);
    if (seller != null || id == null) {
      return seller;
    }
    if (id.startsWith("msg_bdrk_")) {
      return "aws.bedrock";
    }
    if (id.startsWith("msg_vrtx_")) {
      return "gcp.vertex_ai";
    }
    String model = words.get(Word.MODEL);
    boolean claude = model == null || model.startsWith("claude");
    return id.startsWith("msg_") && claude ? "anthropic" : null;
  }

  @Override
  public Convention convention(AnswerState state) {
    return Convention.CACHE_BESIDE;
  }

  @Override
  public TokenReading tokens(UsageTree usage, UsageCounts counts, AnswerState state) {
    return Iterations.addTo(convention(state).read(counts), usage, FIELDS);
  }
}
