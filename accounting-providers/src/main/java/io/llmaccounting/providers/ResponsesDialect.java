package io.llmaccounting.providers;

import io.llmaccounting.usage.TokenUsage;
import org.jspecify.annotations.Nullable;

/** OpenAI's responses: input includes cached tokens; the last event repeats the whole answer. */
final class ResponsesDialect implements Dialect {
  private static final String[] ENDS = {
    "response.completed",
    "response.incomplete",
    "response.failed",
    "response.done",
    "turn.completed",
    "transcript.text.done",
    "speech.audio.done",
    "image_generation.completed",
    "image_edit.completed",
    "conversation.item.input_audio_transcription.completed"
  };
  private static final String[] END_STATUS = {"completed", "incomplete", "failed", "cancelled"};
  private static final AnswerFields FIELDS =
      OpenAiFields.addTo(
          new AnswerFields()
              .usageAt("usage")
              .word(Word.ID, "id")
              .word(Word.MODEL, "model")
              .word(Word.TIER, "service_tier")
              .word(Word.CREATED, "created_at", "created")
              .word(Word.MARK, "object", "type", "status", "incomplete_details.reason", "custom_id")
              .extra("audio_seconds", "seconds"));

  @Override
  public Shape shape() {
    return Shape.OPENAI_RESPONSES;
  }

  @Override
  public AnswerFields fields() {
    return FIELDS;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    UsageTree usage = event.usage();
    boolean duration = usage != null && "duration".equals(usage.word("type"));
    return Evidence.of(
        event.wordIs("object", "response", "realtime.response", "batch"),
        event.wordStarts(
                "type",
                "response.",
                "turn.",
                "transcript.text.",
                "speech.audio.",
                "image_generation.",
                "image_edit.",
                "conversation.item.input_audio_transcription.")
            || duration,
        (event.usageHas("cost_in_usd_ticks") && event.hasKey("data"))
            || (event.usageHas("input_tokens")
                && event.usageHas("total_tokens", "input_tokens_details", "input_token_details")));
  }

  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    boolean piece = event.wordStarts("type", "response.", "transcript.", "image_", "conversation.");
    boolean whole = !piece && event.wordIs("status", END_STATUS);
    if (whole || event.wordIs("type", ENDS)) {
      String reason = event.word("incomplete_details.reason");
      state.words().set(Word.FINISH, reason == null ? event.word("status") : reason);
      state.terminated(true);
    }
    String seller = OpenAiFields.seller(event, usage);
    if (seller != null) {
      state.provider(seller);
    }
  }

  @Override
  public Convention convention(AnswerState state) {
    return Convention.INSIDE;
  }

  @Override
  public TokenReading tokens(UsageTree usage, UsageCounts counts, AnswerState state) {
    // A transcription that is billed by its length has no tokens, and an image of xAI has a cost.
    boolean byLength = "duration".equals(usage.word("type")) && usage.has("seconds");
    boolean byImage =
        usage.has("cost_in_usd_ticks") && !counts.has(Count.INPUT) && !counts.has(Count.OUTPUT);
    return byLength || byImage
        ? new TokenReading(TokenUsage.NONE, true, true)
        : convention(state).read(counts);
  }
}
