package io.llmaccounting.providers.request;

import java.util.List;

/** The shapes of Anthropic, Google, Cohere, Ollama and Alibaba, and rankings. */
final class MakersGolden {
  static final List<GoldenRequest> ALL =
      List.of(
          // https://docs.claude.com/en/api/messages and /en/docs/build-with-claude/prompt-caching
          GoldenRequest.of(
              "Anthropic",
              "https://api.anthropic.com/v1/messages",
              """
              {"messages":[{"role":"user","content":[
              {"type":"document","source":{"data":"plain text","media_type":"text/plain","type":"text"},
              "cache_control":{"type":"ephemeral"},"title":"T"},
              {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="}},
              {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBOR"}},
              {"type":"text","text":"Why?"}]},
              {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"q":"x"}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"done"}]}],
              "model":"claude-sonnet-4-5","max_tokens":1024,"stream":true,"temperature":1.0,"top_p":0.7,
              "system":[{"type":"text","text":"Act."}],"metadata":{"user_id":"u-9"},"service_tier":"auto",
              "tools":[{"name":"f","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}]}\
              """,
              "ANTHROPIC_MESSAGES provider=anthropic model=claude-sonnet-4-5 operation=chat"
                  + " streamed=true max=1024 characters=52 images=1 files=2 marks=2 prefix=42"
                  + " messages=3 tools=1 temperature=1.0 topP=0.7 tier=auto user=u-9"),
          GoldenRequest.of(
              "Anthropic, all marked, no path",
              "",
              """
              {"model":"claude-haiku-4-5","max_tokens":5,"cache_control":{"type":"ephemeral"},
              "messages":[{"role":"user","content":"Hello"}],"system":"Be."}\
              """,
              "ANTHROPIC_MESSAGES provider=anthropic model=claude-haiku-4-5 operation=chat max=5"
                  + " characters=8 marks=1 prefix=8 messages=1"),
          // https://docs.claude.com/en/api/messages-count-tokens
          GoldenRequest.of(
              "Anthropic counting",
              "https://api.anthropic.com/v1/messages/count_tokens",
              """
              {"model":"claude-opus-4-6","messages":[{"role":"user","content":"Hello"}]}\
              """,
              "ANTHROPIC_MESSAGES provider=anthropic model=claude-opus-4-6 operation=count_tokens"
                  + " characters=5 messages=1"),
          // https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude
          GoldenRequest.of(
              "Anthropic at Vertex AI",
              "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/"
                  + "anthropic/models/claude-opus-4-6@default:streamRawPredict",
              """
              {"anthropic_version":"vertex-2023-10-16","max_tokens":8,"stream":true,
              "messages":[{"role":"user","content":"Hello"}]}\
              """,
              "ANTHROPIC_MESSAGES provider=gcp.vertex_ai model=claude-opus-4-6@default"
                  + " operation=chat streamed=true max=8 characters=5 messages=1"),
          // https://ai.google.dev/api/generate-content and /api/caching
          GoldenRequest.of(
              "Gemini",
              "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
              """
              {"cachedContent":"cachedContents/x1","contents":[{"role":"user","parts":[{"text":"Look"},
              {"inlineData":{"mimeType":"image/png","data":"iVBOR"}},
              {"inlineData":{"mimeType":"audio/mp3","data":"SUQz"}},
              {"fileData":{"mimeType":"video/mp4","fileUri":"https://a/b"}}]}],
              "systemInstruction":{"parts":[{"text":"Kind"}]},
              "tools":[{"functionDeclarations":[{"name":"f"},{"name":"g"}]},{"googleSearch":{}}],
              "generationConfig":{"maxOutputTokens":300,"candidateCount":2,"temperature":0.2,"topP":0.8,
              "responseMimeType":"application/json"}}\
              """,
              "GEMINI provider=gcp.gemini model=gemini-2.5-flash operation=generate_content"
                  + " streamed=true max=300 choices=2 characters=18 images=1 audio=1 files=1"
                  + " elsewhere=true content=cachedContents/x1 format=application/json messages=1"
                  + " tools=3 temperature=0.2 topP=0.8"),
          // https://ai.google.dev/api/tokens
          GoldenRequest.of(
              "Gemini counting, a request inside",
              "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:countTokens",
              """
              {"generateContentRequest":{"model":"models/gemini-2.5-pro","contents":[{"parts":[{"text":"Look"}]}]}}\
              """,
              "GEMINI provider=gcp.gemini model=gemini-2.5-pro operation=count_tokens characters=4"
                  + " messages=1"),
          // https://ai.google.dev/api/embeddings
          GoldenRequest.of(
              "Gemini embeddings in a batch, no path",
              "",
              """
              {"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"one"}]}},
              {"model":"models/gemini-embedding-001","content":{"parts":[{"text":"two"}]}}]}\
              """,
              "GEMINI provider=gcp.gemini model=gemini-embedding-001 operation=embeddings"
                  + " characters=6 messages=2"),
          // https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
          GoldenRequest.of(
              "Vertex AI, in the other spelling",
              "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/"
                  + "gemini-2.5-pro:generateContent",
              """
              {"contents":{"role":"user","parts":{"text":"Hi"}},"labels":{"team":"a"},
              "system_instruction":{"parts":[{"text":"Kind"}]},"generation_config":{"max_output_tokens":9}}\
              """,
              "GEMINI provider=gcp.vertex_ai model=gemini-2.5-pro operation=generate_content max=9"
                  + " characters=6 messages=1 metadata={team=a}"),
          // https://docs.cohere.com/reference/chat
          GoldenRequest.of(
              "Cohere, version 2",
              "https://api.cohere.com/v2/chat",
              """
              {"stream":true,"model":"command-a-03-2025","messages":[{"role":"user","content":"Hi"}],
              "documents":["doc one",{"id":"2","data":{"text":"two"}}],"p":0.75,"k":10,"max_tokens":20,
              "response_format":{"type":"json_object"}}\
              """,
              "COHERE provider=cohere model=command-a-03-2025 operation=chat streamed=true max=20"
                  + " characters=23 format=json_object messages=1 topP=0.75"),
          // https://docs.cohere.com/v1/reference/chat
          GoldenRequest.of(
              "Cohere, version 1, no path",
              "",
              """
              {"message":"Who?","chat_history":[{"role":"USER","message":"Hi"}],"preamble":"Be.",
              "model":"command-r-plus","temperature":0.3}\
              """,
              "COHERE provider=cohere model=command-r-plus operation=chat characters=9 messages=2"
                  + " temperature=0.3"),
          // https://docs.cohere.com/reference/embed
          GoldenRequest.of(
              "Cohere embeddings, no path",
              "",
              """
              {"model":"embed-v4.0","texts":["a","bc"],"input_type":"search_document","embedding_types":["float"]}\
              """,
              "COHERE provider=cohere model=embed-v4.0 operation=embeddings characters=3"
                  + " messages=2"),
          // https://docs.cohere.com/reference/rerank
          GoldenRequest.of(
              "Cohere rerank",
              "https://api.cohere.com/v2/rerank",
              """
              {"model":"rerank-v3.5","query":"capital","documents":["Paris","Rome"],"top_n":1}\
              """,
              "RERANK provider=cohere model=rerank-v3.5 operation=rerank characters=16 messages=2"),
          // https://docs.voyageai.com/reference/reranker-api
          GoldenRequest.of(
              "Voyage rerank, no path",
              "",
              """
              {"query":"capital","documents":["Paris","Rome"],"model":"rerank-2.5","top_k":1}\
              """,
              "RERANK model=rerank-2.5 operation=rerank characters=16 messages=2"),
          // https://docs.ollama.com/api/chat
          GoldenRequest.of(
              "Ollama chat, streamed unless it says no",
              "http://localhost:11434/api/chat",
              """
              {"model":"llama3.2","messages":[{"role":"user","content":"Hi","images":["aGk="]}],
              "format":{"type":"object"},"options":{"num_predict":50,"temperature":0.1,"top_p":0.5}}\
              """,
              "OLLAMA provider=ollama model=llama3.2 operation=chat streamed=true max=50"
                  + " characters=12 images=1 format=json_schema messages=1 temperature=0.1"
                  + " topP=0.5"),
          // https://docs.ollama.com/api/generate
          GoldenRequest.of(
              "Ollama generate, no path",
              "",
              """
              {"model":"llama3.2","prompt":"Why?","system":"Be.","stream":false,"format":"json",
              "context":[1,2,3],"options":{"num_predict":-1}}\
              """,
              "OLLAMA provider=ollama model=llama3.2 operation=text_completion characters=7 ids=3"
                  + " format=json messages=1"),
          // https://docs.ollama.com/api/embed
          GoldenRequest.of(
              "Ollama embeddings are not streamed",
              "http://localhost:11434/api/embeddings",
              """
              {"model":"all-minilm","prompt":"Hi"}\
              """,
              "OLLAMA provider=ollama model=all-minilm operation=embeddings characters=2"
                  + " messages=1"),
          // https://help.aliyun.com/en/model-studio/qwen-api-via-dashscope
          GoldenRequest.of(
              "DashScope",
              "https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/multimodal-generation/generation",
              """
              {"model":"qwen3-vl-plus","input":{"messages":[{"role":"user","content":[{"image":"https://a/b.png"},
              {"text":"What?"}]}]},"parameters":{"max_tokens":30,"temperature":0.6,"top_p":0.8,"n":2,
              "incremental_output":true,"response_format":{"type":"json_object"}}}\
              """,
              "DASHSCOPE provider=alibaba_cloud model=qwen3-vl-plus operation=chat streamed=true"
                  + " max=30 choices=2 characters=5 images=1 format=json_object messages=1"
                  + " temperature=0.6 topP=0.8"),
          GoldenRequest.of(
              "DashScope embeddings, no path",
              "",
              """
              {"model":"text-embedding-v4","input":{"texts":["ab","c"]},"parameters":{"dimension":512}}\
              """,
              "DASHSCOPE provider=alibaba_cloud model=text-embedding-v4 operation=embeddings"
                  + " characters=3 messages=2"));

  private MakersGolden() {}
}
