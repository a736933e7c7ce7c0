package io.llmaccounting.providers;

/** The form of a provider's answer, which decides what its token counts include. */
public enum Shape {
  /**
   * OpenAI's chat completions, and everything compatible with them: Azure, Mistral, DeepSeek, xAI.
   */
  OPENAI_CHAT,
  /** OpenAI's responses. */
  OPENAI_RESPONSES,
  /** OpenAI's embeddings, and everything compatible with them. */
  OPENAI_EMBEDDINGS,
  /** Anthropic's messages, from Anthropic itself, Vertex AI or Bedrock's InvokeModel. */
  ANTHROPIC_MESSAGES,
  /** Google's generateContent, from the Gemini API or Vertex AI. */
  GEMINI,
  /** Amazon Bedrock's Converse. */
  BEDROCK_CONVERSE,
  /** Cohere's chat, version 2, and its embeddings and rankings. */
  COHERE_V2,
  /** None of these, as far as was read: such an answer has no usage. */
  UNKNOWN
}
