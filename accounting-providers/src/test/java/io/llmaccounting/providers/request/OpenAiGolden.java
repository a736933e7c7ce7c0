package io.llmaccounting.providers.request;

import java.util.List;

/** OpenAI's shapes, and those that are compatible with them. */
final class OpenAiGolden {
  static final List<GoldenRequest> ALL =
      List.of(
          // https://platform.openai.com/docs/api-reference/chat/create
          GoldenRequest.of(
              "OpenAI chat",
              "https://api.openai.com/v1/chat/completions",
              """
              {"model":"gpt-5","messages":[{"role":"developer","content":"Be brief."},
              {"role":"user","content":[{"type":"text","text":"What is in this \\"image\\"? \\u00e9\\ud83d\\ude00"},
              {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}},
              {"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}},
              {"type":"file","file":{"file_id":"file-1"}}]}],
              "stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":256,"max_tokens":99,
              "n":2,"temperature":0.5,"top_p":0.9,"service_tier":"flex","prompt_cache_key":"tenant-7",
              "safety_identifier":"u-1","user":"u-0","metadata":{"team":"search","ignored":7},
              "response_format":{"type":"json_schema","json_schema":{"name":"out","strict":true}},
              "tools":[{"type":"function","function":{"name":"sum","parameters":{"type":"object"}}}]}\
              """,
              "OPENAI_CHAT provider=openai model=gpt-5 operation=chat streamed=true usage=true"
                  + " max=256 choices=2 characters=100 images=1 audio=1 files=1 elsewhere=true"
                  + " key=tenant-7 format=json_schema messages=2 tools=1 temperature=0.5 topP=0.9"
                  + " tier=flex user=u-0 metadata={team=search}"),
          // https://platform.openai.com/docs/guides/function-calling
          GoldenRequest.of(
              "OpenAI chat, a turn of tools, no path",
              "",
              """
              {"messages":[{"role":"user","content":"2+2?"},{"role":"assistant","content":null,
              "tool_calls":[{"id":"c1","type":"function","function":{"name":"sum","arguments":"{\\"a\\":2}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"4"}],"model":"gpt-5-mini"}\
              """,
              "OPENAI_CHAT model=gpt-5-mini operation=chat characters=15 messages=3"),
          // https://learn.microsoft.com/azure/ai-foundry/openai/reference
          GoldenRequest.of(
              "Azure OpenAI names the deployment in the path",
              "https://acme.openai.azure.com/openai/deployments/gpt%2D5-prod/chat/completions?api-version=1",
              """
              {"messages":[{"role":"user","content":"Hi"}],"max_tokens":5}\
              """,
              "OPENAI_CHAT provider=azure.ai.openai model=gpt-5-prod operation=chat max=5"
                  + " characters=2 messages=1"),
          // https://api-docs.deepseek.com/api/create-chat-completion
          GoldenRequest.of(
              "DeepSeek",
              "https://api.deepseek.com/chat/completions",
              """
              {"model":"deepseek-reasoner","messages":[{"content":"Hi","role":"user"}],
              "thinking":{"type":"enabled"},"max_tokens":4096,"response_format":{"type":"text"},"stream":false}\
              """,
              "OPENAI_CHAT provider=deepseek model=deepseek-reasoner operation=chat max=4096"
                  + " characters=2 format=text messages=1"),
          // https://docs.x.ai/docs/api-reference
          GoldenRequest.of(
              "xAI",
              "https://api.x.ai/v1/chat/completions",
              """
              {"model":"grok-4","messages":[{"role":"user","content":"Hi"}],"n":3,"user":"u",
              "max_completion_tokens":10,"search_parameters":{"mode":"auto"}}\
              """,
              "OPENAI_CHAT provider=x_ai model=grok-4 operation=chat max=10 choices=3 characters=2"
                  + " messages=1 user=u"),
          // https://openrouter.ai/docs/api-reference/chat-completion and
          // /docs/features/prompt-caching
          GoldenRequest.of(
              "OpenRouter with marks of a cache",
              "https://openrouter.ai/api/v1/chat/completions",
              """
              {"model":"anthropic/claude-sonnet-4.5","usage":{"include":true},"stream":true,
              "messages":[{"role":"system","content":[{"type":"text","text":"long book",
              "cache_control":{"type":"ephemeral"}}]},{"role":"user","content":"Who?"}]}\
              """,
              "OPENAI_CHAT provider=openrouter model=anthropic/claude-sonnet-4.5 operation=chat"
                  + " streamed=true usage=true characters=13 marks=1 prefix=9 messages=2"),
          // https://docs.mistral.ai/api
          GoldenRequest.of(
              "Mistral",
              "https://api.mistral.ai/v1/chat/completions",
              """
              {"model":"mistral-large-latest","messages":[{"role":"user","content":[
              {"type":"text","text":"Sum up"},{"type":"document_url","document_url":"https://a/b.pdf"},
              {"type":"image_url","image_url":"https://a/b.png"}]}],"max_tokens":50,"safe_prompt":true}\
              """,
              "OPENAI_CHAT provider=mistral_ai model=mistral-large-latest operation=chat max=50"
                  + " characters=6 images=1 files=1 messages=1"),
          // https://docs.mistral.ai/api/endpoint/fim
          GoldenRequest.of(
              "Mistral fill in the middle",
              "https://api.mistral.ai/v1/fim/completions",
              """
              {"model":"codestral-latest","prompt":"def f(","suffix":"return a","max_tokens":64}\
              """,
              "OPENAI_COMPLETIONS provider=mistral_ai model=codestral-latest"
                  + " operation=text_completion max=64 characters=14 messages=1"),
          // https://docs.mistral.ai/capabilities/document_ai/basic_ocr
          GoldenRequest.of(
              "Mistral document reading",
              "https://api.mistral.ai/v1/ocr",
              """
              {"model":"mistral-ocr-latest","document":{"type":"document_url","document_url":"https://a/b.pdf"},
              "include_image_base64":true}\
              """,
              "MISTRAL_OCR provider=mistral_ai model=mistral-ocr-latest operation=ocr files=1"),
          // https://platform.openai.com/docs/api-reference/completions/create
          GoldenRequest.of(
              "OpenAI completions of ids",
              "",
              """
              {"model":"gpt-3.5-turbo-instruct","prompt":[[1,2,3],[4,5]],"max_tokens":7,"best_of":3,"n":2}\
              """,
              "OPENAI_COMPLETIONS model=gpt-3.5-turbo-instruct operation=text_completion max=7"
                  + " choices=3 ids=5 messages=2"),
          // https://platform.openai.com/docs/api-reference/responses/create
          GoldenRequest.of(
              "OpenAI responses",
              "https://api.openai.com/v1/responses",
              """
              {"model":"gpt-5","instructions":"Be kind.","input":[{"role":"user","content":[
              {"type":"input_text","text":"Compare"},{"type":"input_image","image_url":"https://a/b.png"},
              {"type":"input_file","file_id":"file-2"}]},
              {"type":"function_call_output","call_id":"c","output":"42"}],
              "previous_response_id":"resp_1","max_output_tokens":1000,"stream":true,"temperature":1,
              "text":{"format":{"type":"json_object"}},"tools":[{"type":"web_search"}],
              "service_tier":"priority","prompt_cache_key":"k","metadata":{"a":"b"}}\
              """,
              "OPENAI_RESPONSES provider=openai model=gpt-5 operation=chat streamed=true max=1000"
                  + " characters=31 images=1 files=1 elsewhere=true key=k format=json_object"
                  + " messages=2 tools=1 temperature=1.0 tier=priority metadata={a=b}"),
          GoldenRequest.of(
              "OpenAI responses of a text, no path",
              "",
              """
              {"model":"gpt-5","input":"Tell me a story"}\
              """,
              "OPENAI_RESPONSES model=gpt-5 operation=chat characters=15 messages=1"),
          // https://platform.openai.com/docs/api-reference/embeddings/create
          GoldenRequest.of(
              "OpenAI embeddings",
              "",
              """
              {"input":["one","three"],"model":"text-embedding-3-small","encoding_format":"float","user":"u"}\
              """,
              "OPENAI_EMBEDDINGS model=text-embedding-3-small operation=embeddings characters=8"
                  + " messages=2 user=u"),
          // https://docs.voyageai.com/reference/multimodal-embeddings-api
          GoldenRequest.of(
              "Voyage, text and images",
              "https://api.voyageai.com/v1/multimodalembeddings",
              """
              {"inputs":[{"content":[{"type":"text","text":"a banana"},
              {"type":"image_url","image_url":"https://a/b.jpg"}]}],"model":"voyage-multimodal-3"}\
              """,
              "OPENAI_EMBEDDINGS provider=voyage_ai model=voyage-multimodal-3 operation=embeddings"
                  + " characters=8 images=1 messages=1"),
          // https://jina.ai/embeddings
          GoldenRequest.of(
              "Jina, text and images",
              "https://api.jina.ai/v1/embeddings",
              """
              {"model":"jina-embeddings-v4","task":"text-matching","input":[{"text":"sun"},{"image":"https://a/b"}]}\
              """,
              "OPENAI_EMBEDDINGS provider=jina_ai model=jina-embeddings-v4 operation=embeddings"
                  + " characters=3 images=1 messages=2"),
          // https://platform.openai.com/docs/api-reference/images/create
          GoldenRequest.of(
              "OpenAI images",
              "",
              """
              {"model":"gpt-image-1","prompt":"A cute otter","n":2,"size":"1024x1024","stream":true}\
              """,
              "OPENAI_IMAGES model=gpt-image-1 operation=image_generation streamed=true choices=2"
                  + " characters=12 messages=1"),
          // https://platform.openai.com/docs/api-reference/audio/createSpeech
          GoldenRequest.of(
              "OpenAI speech",
              "",
              """
              {"model":"gpt-4o-mini-tts","input":"The fox.","voice":"alloy","instructions":"low","response_format":"mp3"}\
              """,
              "OPENAI_AUDIO model=gpt-4o-mini-tts operation=speech characters=11 format=mp3"
                  + " messages=1"));

  private OpenAiGolden() {}
}
