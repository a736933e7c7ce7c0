package io.llmaccounting.bedrock;

import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.contract.TapClient;
import io.llmaccounting.tap.fake.ProviderShape;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;

/** An application that asks models on Bedrock by the AWS SDK. */
abstract class SdkClient implements TapClient {
  /** For all asynchronous clients: the provider speaks HTTP/1.1 only, and closing takes seconds. */
  static final SdkAsyncHttpClient HTTP =
      NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1).build();

  private final Function<Integer, BedrockRuntimeClient> clients;
  private final Function<Integer, BedrockRuntimeAsyncClient> asyncClients;
  private final Map<Integer, BedrockRuntimeClient> open = new ConcurrentHashMap<>();
  private final Map<Integer, BedrockRuntimeAsyncClient> openAsync = new ConcurrentHashMap<>();

  /** Uses clients for so many retries, made when they are needed. */
  SdkClient(
      Function<Integer, BedrockRuntimeClient> clients,
      Function<Integer, BedrockRuntimeAsyncClient> asyncClients) {
    this.clients = clients;
    this.asyncClients = asyncClients;
  }

  /** A client of {@code provider} that repeats so often, without a pause. */
  static <B extends AwsClientBuilder<B, ?>> B configured(B builder, URI provider, int retries) {
    return builder
        .endpointOverride(provider)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("none", "none")))
        .overrideConfiguration(
            config ->
                config.retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(retries + 1)
                        .backoffStrategy(BackoffStrategy.retryImmediately())
                        .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())
                        .build()));
  }

  final BedrockRuntimeClient client(Question question) {
    return open.computeIfAbsent(question.retries(), clients);
  }

  final BedrockRuntimeAsyncClient async(Question question) {
    return openAsync.computeIfAbsent(question.retries(), asyncClients);
  }

  static AwsRequestOverrideConfiguration patience(Question question) {
    return AwsRequestOverrideConfiguration.builder().apiCallTimeout(question.timeout()).build();
  }

  @Override
  public void close() {
    open.values().forEach(BedrockRuntimeClient::close);
    openAsync.values().forEach(BedrockRuntimeAsyncClient::close);
  }

  /** Converse. */
  static final class Converse extends SdkClient {
    private final boolean waits;

    /** Waits for answers of an asynchronous client, or asks a blocking one where one waits. */
    Converse(
        Function<Integer, BedrockRuntimeClient> clients,
        Function<Integer, BedrockRuntimeAsyncClient> asyncClients,
        boolean waits) {
      super(clients, asyncClients);
      this.waits = waits;
    }

    private static ConverseRequest request(Question question) {
      return ConverseRequest.builder()
          .modelId(ProviderShape.BEDROCK_CONVERSE.model())
          .system(SystemContentBlock.fromText("Answer."))
          .messages(message(question))
          .inferenceConfig(config -> config.maxTokens((int) question.maxTokens()))
          .overrideConfiguration(patience(question))
          .build();
    }

    private static Message message(Question question) {
      return Message.builder()
          .role(ConversationRole.USER)
          .content(ContentBlock.fromText(question.text()))
          .build();
    }

    @Override
    public String ask(Question question) throws Exception {
      return waits
          ? unwrapped(askAsync(question))
          : client(question).converse(request(question)).toString();
    }

    @Override
    public CompletableFuture<String> askAsync(Question question) {
      return text(async(question).converse(request(question)), Object::toString);
    }

    @Override
    public Stream stream(Question question) throws Exception {
      ConverseStreamRequest request =
          ConverseStreamRequest.builder()
              .modelId(ProviderShape.BEDROCK_CONVERSE.model())
              .messages(message(question))
              .inferenceConfig(config -> config.maxTokens((int) question.maxTokens()))
              .overrideConfiguration(patience(question))
              .build();
      EventPieces pieces = new EventPieces();
      return pieces.of(
          async(question)
              .converseStream(
                  request,
                  ConverseStreamResponseHandler.builder()
                      .onEventStream(events -> events.subscribe(pieces))
                      .build()));
    }
  }

  /** InvokeModel, of a model of Anthropic's. */
  static final class Invoke extends SdkClient {
    Invoke(
        Function<Integer, BedrockRuntimeClient> clients,
        Function<Integer, BedrockRuntimeAsyncClient> asyncClients) {
      super(clients, asyncClients);
    }

    private static SdkBytes body(Question question) {
      return SdkBytes.fromUtf8String(
          ProviderShape.BEDROCK_INVOKE.request(question.text(), question.maxTokens(), false));
    }

    private static InvokeModelRequest request(Question question) {
      return InvokeModelRequest.builder()
          .modelId(ProviderShape.BEDROCK_INVOKE.model())
          .body(body(question))
          .overrideConfiguration(patience(question))
          .build();
    }

    @Override
    public String ask(Question question) {
      return text(client(question).invokeModel(request(question)));
    }

    private static String text(InvokeModelResponse response) {
      return response.body().asUtf8String();
    }

    @Override
    public CompletableFuture<String> askAsync(Question question) {
      return text(async(question).invokeModel(request(question)), Invoke::text);
    }

    @Override
    public Stream stream(Question question) throws Exception {
      InvokeModelWithResponseStreamRequest request =
          InvokeModelWithResponseStreamRequest.builder()
              .modelId(ProviderShape.BEDROCK_INVOKE.model())
              .body(body(question))
              .overrideConfiguration(patience(question))
              .build();
      EventPieces pieces = new EventPieces();
      return pieces.of(
          async(question)
              .invokeModelWithResponseStream(
                  request,
                  InvokeModelWithResponseStreamResponseHandler.builder()
                      .onEventStream(events -> events.subscribe(pieces))
                      .build()));
    }
  }

  /** The answer's text; cancelling it cancels the SDK's future. */
  static <T> CompletableFuture<String> text(CompletableFuture<T> asked, Function<T, String> text) {
    CompletableFuture<String> answer = asked.thenApply(text);
    answer.whenComplete(
        (value, error) -> {
          if (answer.isCancelled()) {
            asked.cancel(true);
          }
        });
    return answer;
  }

  static String unwrapped(CompletableFuture<String> answer) throws Exception {
    try {
      return answer.get();
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof Exception known) {
        throw known;
      }
      throw e;
    }
  }
}
