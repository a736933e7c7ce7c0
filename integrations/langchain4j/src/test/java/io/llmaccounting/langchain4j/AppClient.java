package io.llmaccounting.langchain4j;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.contract.TapClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** An application that asks by chat models of LangChain4j. */
final class AppClient implements TapClient {
  private final Function<Settings, ChatModel> chat;
  private final Function<Settings, StreamingChatModel> streaming;
  private final UnaryOperator<HttpClientBuilder> http;

  /** How a model is to be built for a question. */
  record Settings(Question question, HttpClientBuilder http) {}

  AppClient(
      Function<Settings, ChatModel> chat,
      Function<Settings, StreamingChatModel> streaming,
      UnaryOperator<HttpClientBuilder> http) {
    this.chat = chat;
    this.streaming = streaming;
    this.http = http;
  }

  private static ChatRequest request(Question question) {
    return ChatRequest.builder()
        .messages(UserMessage.from(question.text()))
        .maxOutputTokens((int) question.maxTokens())
        .build();
  }

  @Override
  public String ask(Question question) {
    ChatModel model = chat.apply(new Settings(question, http.apply(new JdkHttpClientBuilder())));
    return model.chat(request(question)).aiMessage().toString();
  }

  /** On a thread of the application's, which it interrupts to give up. */
  @Override
  public CompletableFuture<String> askAsync(Question question) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread asking =
        new Thread(
            CallContext.wrap(
                () -> {
                  try {
                    answer.complete(ask(question));
                  } catch (Throwable e) {
                    answer.completeExceptionally(e);
                  }
                }));
    asking.setDaemon(true);
    asking.start();
    CompletionStage<String> end = answer;
    end.whenComplete(
        (text, error) -> {
          if (answer.isCancelled()) {
            asking.interrupt();
          }
        });
    return answer;
  }

  @Override
  public Stream stream(Question question) {
    HeardStream heard = new HeardStream();
    HttpClientBuilder client = heard.hearing(http.apply(new JdkHttpClientBuilder()));
    streaming.apply(new Settings(question, client)).chat(request(question), heard);
    return heard;
  }
}
