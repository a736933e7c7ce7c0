package io.llmaccounting.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.server.config.UpstreamKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireTest {
  @ParameterizedTest
  @CsvSource({
    "OPENAI, /v1/chat/completions, OPENAI_CHAT",
    "OPENAI, /v1/chat/completions/, OPENAI_CHAT",
    "OPENAI, /v1/responses, OPENAI_RESPONSES",
    "OPENAI, /v1/responses/resp_1/cancel, OPENAI_RESPONSES",
    "OPENAI, /v1/embeddings, OPENAI_OTHER",
    "OPENAI, /v1/threads/t/messages, OPENAI_OTHER",
    "OPENAI, /v1/messages, OPENAI_OTHER",
    "AZURE, /openai/deployments/d/chat/completions, OPENAI_CHAT",
    "AZURE, /openai/v1/responses, OPENAI_RESPONSES",
    "MISTRAL, /v1/fim/completions, OPENAI_OTHER",
    "XAI, /v1/messages, ANTHROPIC",
    "DEEPSEEK, /anthropic/v1/messages, ANTHROPIC",
    "OPENAI_COMPATIBLE, /api/v1/chat/completions, OPENAI_CHAT",
    "ANTHROPIC, /v1/messages, ANTHROPIC",
    "ANTHROPIC, /v1/messages/count_tokens, ANTHROPIC",
    "ANTHROPIC, /v1/models, ANTHROPIC",
    "ANTHROPIC, /v1/chat/completions, OPENAI_CHAT",
    "GEMINI, /v1beta/models/gemini-2.5-pro:streamGenerateContent, GEMINI",
    "GEMINI, /v1beta/openai/chat/completions, OPENAI_CHAT",
    "GEMINI, /v1beta/openai/embeddings, OPENAI_OTHER",
    "VERTEX, /v1/projects/p/locations/l/publishers/google/models/m:generateContent, GEMINI",
    "VERTEX, /v1/projects/p/locations/l/publishers/anthropic/models/m:rawPredict, ANTHROPIC",
    "VERTEX, /v1/projects/p/locations/l/publishers/mistralai/models/m:streamRawPredict, OPENAI_CHAT",
    "VERTEX, /v1/projects/p/locations/l/publishers/mistralai/models/m:rawPredict, OPENAI_CHAT",
    "VERTEX, /v1/projects/p/locations/l/endpoints/openapi/embeddings, OPENAI_OTHER",
    "BEDROCK, /model/anthropic.claude-v2%3A1/converse, BEDROCK",
    "BEDROCK, /openai/v1/responses, OPENAI_RESPONSES",
    "COHERE, /v2/chat, COHERE",
    "COHERE, /compatibility/v1/embeddings, OPENAI_OTHER",
    "OLLAMA, /api/chat, OLLAMA",
    "OLLAMA, /v1/embeddings, OPENAI_OTHER",
    "OLLAMA, /v1/messages, ANTHROPIC",
    "OLLAMA, /, OLLAMA"
  })
  void isToldByUpstreamAndPath(UpstreamKind kind, String path, Wire wire) {
    assertThat(Wire.of(kind, path)).isEqualTo(wire);
  }
}
