package io.llmaccounting.providers.request;

import io.llmaccounting.providers.Shape;

/** The form of a request, which decides where it says what. */
public enum RequestShape {
  /** OpenAI's chat completions, and everything compatible with them. */
  OPENAI_CHAT(Shape.OPENAI_CHAT),
  /** Completions of one text: OpenAI's old ones, Mistral's fill-in-the-middle, llama.cpp's own. */
  OPENAI_COMPLETIONS(Shape.OPENAI_CHAT),
  /** OpenAI's responses, and everything compatible with them. */
  OPENAI_RESPONSES(Shape.OPENAI_RESPONSES),
  /** OpenAI's embeddings, and everything compatible with them: Voyage, Jina, Mistral. */
  OPENAI_EMBEDDINGS(Shape.OPENAI_EMBEDDINGS),
  /** OpenAI's images: generations, edits, variations; as JSON or as a form. */
  OPENAI_IMAGES(Shape.OPENAI_RESPONSES),
  /** OpenAI's transcriptions and translations as forms, and speech. */
  OPENAI_AUDIO(Shape.OPENAI_RESPONSES),
  /** Anthropic's messages and the counting of them, at Anthropic, Vertex AI or Bedrock. */
  ANTHROPIC_MESSAGES(Shape.ANTHROPIC_MESSAGES),
  /** Google's generateContent, countTokens, embedContent and predict, at Gemini or Vertex AI. */
  GEMINI(Shape.GEMINI),
  /** Amazon Bedrock's Converse, and Nova's own requests. */
  BEDROCK_CONVERSE(Shape.BEDROCK_CONVERSE),
  /** Amazon Bedrock's InvokeModel of Titan, Llama and Mistral. */
  BEDROCK_INVOKE(Shape.BEDROCK_INVOKE),
  /** Cohere's chat and embeddings, both versions. */
  COHERE(Shape.COHERE_V2),
  /** Rankings of documents: Cohere, Voyage, Jina. */
  RERANK(Shape.UNKNOWN),
  /** Ollama's chat, generate and embed. */
  OLLAMA(Shape.OLLAMA),
  /** Alibaba's DashScope in its own form. */
  DASHSCOPE(Shape.DASHSCOPE),
  /** Mistral's document reading. */
  MISTRAL_OCR(Shape.MISTRAL_OCR),
  /** None of these, as far as was read. */
  UNKNOWN(Shape.UNKNOWN);

  private final Shape answer;

  RequestShape(Shape answer) {
    this.answer = answer;
  }

  /** The shape in which such a request is answered; UNKNOWN where that has to be recognised. */
  public Shape answer() {
    return answer;
  }
}
