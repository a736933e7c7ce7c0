package io.llmaccounting.springai;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.contract.TapClient;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/** An application that asks a chat model of Spring AI. */
final class AppClient implements TapClient {
  private final Function<Question, ChatModel> models;
  private final Function<Question, ChatOptions> options;

  AppClient(Function<Question, ChatModel> models, Function<Question, ChatOptions> options) {
    this.models = models;
    this.options = options;
  }

  private Prompt prompt(Question question) {
    return new Prompt(question.text(), options.apply(question));
  }

  @Override
  public String ask(Question question) {
    return text(models.apply(question).call(prompt(question)));
  }

  private static String text(ChatResponse response) {
    StringBuilder text = new StringBuilder();
    for (Generation generation : response.getResults()) {
      String piece = generation.getOutput().getText();
      text.append(piece == null ? "" : piece);
    }
    return text.toString();
  }

  /**
   * On a thread of the application's, which goes on where its answer is not wanted any more: of
   * Spring AI's HTTP clients few hear at once that a thread is interrupted, and some never.
   */
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
    return answer;
  }

  @Override
  public TapClient.Stream stream(Question question) {
    java.util.stream.Stream<ChatResponse> pieces =
        models.apply(question).stream(prompt(question)).toStream(Integer.MAX_VALUE);
    Iterator<ChatResponse> iterator = pieces.iterator();
    return new TapClient.Stream() {
      @Override
      public String next() {
        while (iterator.hasNext()) {
          String text = text(iterator.next());
          if (!text.isEmpty()) {
            return text;
          }
        }
        return null;
      }

      @Override
      public void close() {
        pieces.close();
      }
    };
  }
}
