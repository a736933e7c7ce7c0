package io.llmaccounting.providers.request;

import java.util.List;

/** The shapes of Amazon Bedrock. */
final class CloudGolden {
  private static final String BEDROCK = "https://bedrock-runtime.us-east-1.amazonaws.com/model/";

  static final List<GoldenRequest> ALL =
      List.of(
          // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
          GoldenRequest.of(
              "Bedrock Converse",
              BEDROCK + "us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream",
              """
              {"system":[{"text":"Act."},{"cachePoint":{"type":"default"}}],
              "messages":[{"role":"user","content":[{"text":"Why?"},
              {"image":{"format":"png","source":{"bytes":"iVBOR"}}},
              {"document":{"format":"pdf","name":"d","source":{"bytes":"JVBER"}}},
              {"cachePoint":{"type":"default"}},{"text":"Now."}]}],
              "inferenceConfig":{"maxTokens":512,"temperature":0.5,"topP":0.9},
              "toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{}}}},
              {"cachePoint":{"type":"default"}}]},
              "requestMetadata":{"team":"a"},"serviceTier":{"type":"flex"}}\
              """,
              "BEDROCK_CONVERSE provider=aws.bedrock"
                  + " model=us.anthropic.claude-sonnet-4-5-20250929-v1:0 operation=chat"
                  + " streamed=true max=512 characters=32 images=1 files=1 marks=3 prefix=28"
                  + " messages=1 tools=1 temperature=0.5 topP=0.9 tier=flex metadata={team=a}"),
          // https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html
          GoldenRequest.of(
              "Bedrock invoke of Claude",
              BEDROCK + "anthropic.claude-3-5-sonnet-20241022-v2:0/invoke-with-response-stream",
              """
              {"anthropic_version":"bedrock-2023-05-31","max_tokens":100,
              "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}\
              """,
              "ANTHROPIC_MESSAGES provider=aws.bedrock"
                  + " model=anthropic.claude-3-5-sonnet-20241022-v2:0 operation=chat streamed=true"
                  + " max=100 characters=2 messages=1"),
          // https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html
          GoldenRequest.of(
              "Bedrock invoke of Nova",
              BEDROCK + "us.amazon.nova-lite-v1:0/invoke",
              """
              {"schemaVersion":"messages-v1","messages":[{"role":"user","content":[{"text":"Hi"}]}],
              "system":[{"text":"Be."}],"inferenceConfig":{"maxTokens":64,"topP":0.1,"topK":20}}\
              """,
              "BEDROCK_CONVERSE provider=aws.bedrock model=us.amazon.nova-lite-v1:0 operation=chat"
                  + " max=64 characters=5 messages=1 topP=0.1"),
          // https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html
          GoldenRequest.of(
              "Bedrock invoke of Llama",
              BEDROCK + "meta.llama3-70b-instruct-v1:0/invoke",
              """
              {"prompt":"Hi there","max_gen_len":512,"temperature":0.5,"top_p":0.9}\
              """,
              "BEDROCK_INVOKE provider=aws.bedrock model=meta.llama3-70b-instruct-v1:0"
                  + " operation=text_completion max=512 characters=8 messages=1 temperature=0.5"
                  + " topP=0.9"),
          // https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html
          GoldenRequest.of(
              "Bedrock invoke of Titan, no path",
              "",
              """
              {"inputText":"Hi there","textGenerationConfig":{"maxTokenCount":256,"topP":0.2,"temperature":0}}\
              """,
              "BEDROCK_INVOKE provider=aws.bedrock operation=text_completion max=256 characters=8"
                  + " messages=1 temperature=0.0 topP=0.2"),
          // https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html
          GoldenRequest.of(
              "Bedrock embeddings of Titan",
              BEDROCK + "amazon.titan-embed-text-v2%3A0/invoke",
              """
              {"inputText":"Hi there","dimensions":256}\
              """,
              "BEDROCK_INVOKE provider=aws.bedrock model=amazon.titan-embed-text-v2:0"
                  + " operation=embeddings characters=8 messages=1"),
          // https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html
          GoldenRequest.of(
              "Bedrock invoke of Mistral",
              BEDROCK + "mistral.mistral-7b-instruct-v0:2/invoke",
              """
              {"prompt":"Hi there","max_tokens":20,"top_p":0.5}\
              """,
              "OPENAI_COMPLETIONS provider=aws.bedrock model=mistral.mistral-7b-instruct-v0:2"
                  + " operation=text_completion max=20 characters=8 messages=1 topP=0.5"),
          // https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html
          GoldenRequest.of(
              "Bedrock embeddings of Cohere",
              BEDROCK + "cohere.embed-english-v3/invoke",
              """
              {"texts":["a","b"],"input_type":"search_query"}\
              """,
              "COHERE provider=aws.bedrock model=cohere.embed-english-v3 operation=embeddings"
                  + " characters=2 messages=2"));

  private CloudGolden() {}
}
