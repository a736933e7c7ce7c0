package io.llmaccounting.providers;

/** The form of a provider's answer, which decides what its token counts include. */
public enum Shape {
  /**
   * OpenAI's chat completions, and everything compatible with them: Azure, Mistral, DeepSeek, xAI,
   * Groq, OpenRouter, Perplexity, vLLM and many more.
   */
  OPENAI_CHAT,
  /** OpenAI's responses, and what counts like them: realtime, transcriptions, images, batches. */
  OPENAI_RESPONSES,
  /** OpenAI's embeddings, and everything compatible with them: Voyage, Jina. */
  OPENAI_EMBEDDINGS,
  /** Anthropic's messages, from Anthropic itself, Vertex AI or Bedrock's InvokeModel. */
  ANTHROPIC_MESSAGES,
  /** Google's generateContent, from the Gemini API or Vertex AI, and its Live API. */
  GEMINI,
  /** Google's Interactions. */
  GEMINI_INTERACTIONS,
  /** Amazon Bedrock's Converse, and Nova's own answers. */
  BEDROCK_CONVERSE,
  /** Amazon Bedrock's InvokeModel of Titan and Llama, and its metrics of any model. */
  BEDROCK_INVOKE,
  /** Cohere's chat, version 2, and its embeddings and rankings. */
  COHERE_V2,
  /** Alibaba's DashScope in its own form. */
  DASHSCOPE,
  /** Ollama's own answers. */
  OLLAMA,
  /** The own answers of llama.cpp's server. */
  LLAMA_CPP,
  /** Mistral's document reading. */
  MISTRAL_OCR,
  /** Usage as the Vercel AI SDK, LangChain, LangChain4j and Spring AI write it. */
  SDK,
  /** None of these, as far as was read: such an answer has no usage. */
  UNKNOWN
}
