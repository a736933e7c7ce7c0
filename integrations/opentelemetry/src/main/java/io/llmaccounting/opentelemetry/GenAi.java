package io.llmaccounting.opentelemetry;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/**
 * Names of OpenTelemetry's conventions for generative AI. They are still moving, so they are
 * written down here: what is told has the newest names, what is read may have older ones.
 */
final class GenAi {
  static final AttributeKey<String> OPERATION = AttributeKey.stringKey("gen_ai.operation.name");
  static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("gen_ai.provider.name");
  static final AttributeKey<String> REQUEST_MODEL = AttributeKey.stringKey("gen_ai.request.model");
  static final AttributeKey<String> RESPONSE_MODEL =
      AttributeKey.stringKey("gen_ai.response.model");
  static final AttributeKey<String> RESPONSE_ID = AttributeKey.stringKey("gen_ai.response.id");
  static final AttributeKey<List<String>> FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
  static final AttributeKey<String> CONVERSATION = AttributeKey.stringKey("gen_ai.conversation.id");

  /** Cached tokens included. */
  static final AttributeKey<Long> INPUT_TOKENS = AttributeKey.longKey("gen_ai.usage.input_tokens");

  static final AttributeKey<Long> OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.output_tokens");
  static final AttributeKey<Long> CACHE_READ =
      AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");
  static final AttributeKey<Long> CACHE_WRITE =
      AttributeKey.longKey("gen_ai.usage.cache_creation.input_tokens");
  static final AttributeKey<Long> REASONING =
      AttributeKey.longKey("gen_ai.usage.reasoning.output_tokens");
  static final AttributeKey<String> TOKEN_TYPE = AttributeKey.stringKey("gen_ai.token.type");
  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  /** The names of one figure, the newest first. */
  static final List<String> ALL_INPUT_TOKENS =
      List.of(INPUT_TOKENS.getKey(), "gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens");

  static final List<String> ALL_OUTPUT_TOKENS =
      List.of(
          OUTPUT_TOKENS.getKey(), "gen_ai.usage.completion_tokens", "llm.usage.completion_tokens");
  static final List<String> ALL_CACHE_READ =
      List.of(CACHE_READ.getKey(), "gen_ai.usage.cache_read_input_tokens");
  static final List<String> ALL_CACHE_WRITE =
      List.of(CACHE_WRITE.getKey(), "gen_ai.usage.cache_creation_input_tokens");
  static final List<String> ALL_REASONING =
      List.of(REASONING.getKey(), "gen_ai.usage.reasoning_tokens");
  static final List<String> ALL_PROVIDERS = List.of(PROVIDER.getKey(), "gen_ai.system");
  static final List<String> ALL_MODELS = List.of(REQUEST_MODEL.getKey(), "llm.request.model");

  private GenAi() {}
}
