package io.llmaccounting.server.wire;

import static io.llmaccounting.server.wire.CredentialsTest.headers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.google.genai.Client;
import com.google.genai.types.HttpOptions;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import io.llmaccounting.server.wire.Refusal.Code;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;

/** What the providers' own clients for Java make of a refusal. */
class RefusalInSdksTest {
  private static final Refusal NOW =
      Refusal.of(Code.RATE_LIMIT_EXCEEDED, "limit is spent").retryAfter(Duration.ZERO);
  private static final Refusal MUCH_LATER = NOW.retryAfter(Duration.ofHours(3));
  private static final Refusal NEVER = Refusal.of(Code.INSUFFICIENT_QUOTA, "never fits");

  @Test
  void isARateLimitToOpenAi() throws IOException {
    try (RefusingServer server = new RefusingServer(Wire.OPENAI_CHAT, NOW)) {
      var error = caught(com.openai.errors.RateLimitException.class, () -> chat(openAi(server)));

      assertThat(error.getMessage()).contains("limit is spent");
      assertThat(error.code()).contains("rate_limit_exceeded");
      assertThat(error.type()).contains("rate_limit_error");
      assertThat(error.headers().values("Retry-After")).containsExactly("0");
      assertThat(server.asked()).as("with its retries").hasSize(3);
    }
  }

  @Test
  void isNotAskedAgainByOpenAiWhereThatIsInVain() throws IOException {
    for (Refusal refusal : List.of(MUCH_LATER, NEVER)) {
      try (RefusingServer server = new RefusingServer(Wire.OPENAI_CHAT, refusal)) {
        var error = caught(com.openai.errors.RateLimitException.class, () -> chat(openAi(server)));

        assertThat(error.code()).contains(refusal.code().word());
        assertThat(server.asked()).hasSize(1);
      }
    }
  }

  @Test
  void isOfTheStatusToOpenAi() throws IOException {
    try (RefusingServer server =
        new RefusingServer(Wire.OPENAI_CHAT, Refusal.of(Code.INVALID_KEY, "no"))) {
      caught(com.openai.errors.UnauthorizedException.class, () -> chat(openAi(server)));
    }
    try (RefusingServer server =
        new RefusingServer(Wire.OPENAI_CHAT, Refusal.of(Code.MODEL_NOT_ALLOWED, "no"))) {
      caught(com.openai.errors.PermissionDeniedException.class, () -> chat(openAi(server)));
    }
  }

  @Test
  void isARateLimitToAnthropic() throws IOException {
    try (RefusingServer server = new RefusingServer(Wire.ANTHROPIC, NOW)) {
      var error =
          caught(com.anthropic.errors.RateLimitException.class, () -> message(anthropic(server)));

      assertThat(error.getMessage()).contains("limit is spent", "rate_limit_error");
      assertThat(error.headers().values("Retry-After")).containsExactly("0");
      assertThat(server.asked()).as("with its retries").hasSize(3);
    }
  }

  @Test
  void isNotAskedAgainByAnthropicWhereThatIsInVain() throws IOException {
    for (Refusal refusal : List.of(MUCH_LATER, NEVER)) {
      try (RefusingServer server = new RefusingServer(Wire.ANTHROPIC, refusal)) {
        caught(com.anthropic.errors.RateLimitException.class, () -> message(anthropic(server)));

        assertThat(server.asked()).hasSize(1);
      }
    }
  }

  @Test
  void isAClientErrorToGoogle() throws IOException {
    try (RefusingServer server = new RefusingServer(Wire.GEMINI, NEVER);
        Client client = google(server)) {
      var error =
          caught(
              com.google.genai.errors.ClientException.class,
              () -> client.models.generateContent("gemini-2.5-pro", "x", null));

      assertThat(error.code()).isEqualTo(429);
      assertThat(error.status()).isEqualTo("RESOURCE_EXHAUSTED");
      assertThat(error.message()).startsWith("never fits").contains("INSUFFICIENT_QUOTA");
    }
  }

  @Test
  void endsAStreamOfGoogleWithAnError() throws IOException {
    Buffer stream =
        Buffer.buffer("data: {\"candidates\":[]}\n\n").appendBuffer(LastEvent.of(Wire.GEMINI, NOW));
    try (RefusingServer server = new RefusingServer(200, eventStream(), stream);
        Client client = google(server);
        var answer = client.models.generateContentStream("gemini-2.5-pro", "x", null)) {
      var error =
          caught(com.google.genai.errors.ClientException.class, () -> answer.forEach(chunk -> {}));

      assertThat(error.status()).isEqualTo("RESOURCE_EXHAUSTED");
      assertThat(error.message()).startsWith("limit is spent");
    }
  }

  @Test
  void isTheExceptionThatAmazonNames() throws IOException {
    try (RefusingServer server = new RefusingServer(Wire.BEDROCK, NOW)) {
      var error = caught(ThrottlingException.class, () -> converse(server));

      assertThat(error.awsErrorDetails().errorMessage()).isEqualTo("limit is spent");
      assertThat(error.statusCode()).isEqualTo(429);
    }
    try (RefusingServer server =
        new RefusingServer(Wire.BEDROCK, Refusal.of(Code.KEY_EXPIRED, "over"))) {
      caught(AccessDeniedException.class, () -> converse(server));
    }
  }

  @Test
  void endsAStreamOfOpenAiWithAnError() throws IOException {
    Buffer stream =
        Buffer.buffer(
                "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[]}\n\n")
            .appendBuffer(KeepAlive.of(Wire.OPENAI_CHAT))
            .appendBuffer(LastEvent.of(Wire.OPENAI_CHAT, NEVER));
    try (RefusingServer server = new RefusingServer(200, eventStream(), stream);
        var answer = openAi(server).chat().completions().createStreaming(chat())) {
      var error =
          caught(com.openai.errors.SseException.class, () -> answer.stream().forEach(chunk -> {}));

      assertThat(error.getMessage()).contains("never fits");
    }
  }

  @Test
  void endsAStreamOfResponsesAsFailed() throws IOException {
    Buffer stream =
        KeepAlive.of(Wire.OPENAI_RESPONSES).appendBuffer(LastEvent.of(Wire.OPENAI_RESPONSES, NOW));
    ResponseCreateParams asks = ResponseCreateParams.builder().model("m").input("x").build();
    try (RefusingServer server = new RefusingServer(200, eventStream(), stream);
        var answer = openAi(server).responses().createStreaming(asks)) {
      List<ResponseStreamEvent> events = answer.stream().toList();

      assertThat(events).hasSize(1);
      var error = events.get(0).asFailed().response().error().orElseThrow();
      assertThat(error.message()).isEqualTo("limit is spent");
      assertThat(error.code().asString()).isEqualTo("rate_limit_exceeded");
    }
  }

  @Test
  void endsAStreamOfAnthropicWithAnError() throws IOException {
    Buffer stream = KeepAlive.of(Wire.ANTHROPIC).appendBuffer(LastEvent.of(Wire.ANTHROPIC, NEVER));
    try (RefusingServer server = new RefusingServer(200, eventStream(), stream);
        var answer = anthropic(server).messages().createStreaming(message())) {
      var error =
          caught(
              com.anthropic.errors.SseException.class, () -> answer.stream().forEach(event -> {}));

      assertThat(error.getMessage()).contains("never fits");
    }
  }

  static void converse(RefusingServer server) {
    try (BedrockRuntimeClient client =
        BedrockRuntimeClient.builder()
            .region(Region.EU_WEST_1)
            .endpointOverride(URI.create(server.url()))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "hush")))
            .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build()) {
      client.converse(
          ask ->
              ask.modelId("anthropic.claude-v2:1")
                  .messages(message -> message.role("user").content(c -> c.text("x"))));
    }
  }

  private static <E extends Throwable> E caught(Class<E> type, ThrowingCallable call) {
    E error = catchThrowableOfType(type, call);
    assertThat(error).isInstanceOf(type);
    return error;
  }

  private static MultiMap eventStream() {
    return headers("content-type", "text/event-stream");
  }

  private static OpenAIClient openAi(RefusingServer server) {
    return OpenAIOkHttpClient.builder().baseUrl(server.url() + "/v1").apiKey("k").build();
  }

  private static void chat(OpenAIClient client) {
    client.chat().completions().create(chat());
  }

  private static ChatCompletionCreateParams chat() {
    return ChatCompletionCreateParams.builder().model("gpt-5").addUserMessage("x").build();
  }

  private static Client google(RefusingServer server) {
    return Client.builder()
        .apiKey("k")
        .httpOptions(HttpOptions.builder().baseUrl(server.url()).build())
        .build();
  }

  private static AnthropicClient anthropic(RefusingServer server) {
    return AnthropicOkHttpClient.builder().baseUrl(server.url()).apiKey("k").build();
  }

  private static void message(AnthropicClient client) {
    client.messages().create(message());
  }

  private static MessageCreateParams message() {
    return MessageCreateParams.builder().model("claude").maxTokens(9).addUserMessage("x").build();
  }
}
