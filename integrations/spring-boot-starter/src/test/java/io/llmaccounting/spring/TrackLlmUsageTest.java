package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.fake.FakeProvider;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Methods of beans that say by an annotation which model they ask, and who. */
class TrackLlmUsageTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withPropertyValues("app.model=gpt-5-mini", "app.tenant=acme")
          .withBean(Service.class)
          .withConfiguration(
              AutoConfigurations.of(
                  LlmAccountingAutoConfiguration.class,
                  LlmAccountingLangChain4jAutoConfiguration.class));

  record Order(String customer) {}

  @TrackLlmUsage(project = "shop")
  static class Service {
    private int runs;
    private ChatModel model;

    @TrackLlmUsage(
        model = "${app.model}",
        provider = "openai",
        project = "search",
        user = "#{#order.customer}",
        session = "${app.tenant}-#{#number + 1}")
    public ModelAnswer ask(Order order, int number) {
      runs++;
      return ModelAnswer.of(TokenUsage.of(11, 7));
    }

    @TrackLlmUsage(model = "gpt-5-mini")
    public CompletionStage<TokenUsage> stage() {
      return CompletableFuture.supplyAsync(() -> TokenUsage.of(11, 7));
    }

    @TrackLlmUsage(model = "gpt-5-mini")
    public Mono<TokenUsage> mono() {
      return Mono.fromCallable(() -> TokenUsage.of(11, 7));
    }

    @TrackLlmUsage(model = "gpt-5-mini")
    public Flux<TokenUsage> flux() {
      return Flux.just(TokenUsage.of(11, 1), TokenUsage.of(11, 7));
    }

    @TrackLlmUsage(model = "gpt-5-mini")
    public Mono<TokenUsage> failing() {
      return Mono.error(new IllegalStateException("no answer"));
    }

    @TrackLlmUsage(user = "#{#name}")
    public String byModel(String name) {
      return model.chat("hello");
    }

    @TrackLlmUsage(user = "#{#name}")
    public Mono<String> later(String name) {
      return Mono.fromCallable(() -> model.chat("hello"));
    }

    public String ofTheClass() {
      return model.chat("hello");
    }
  }

  @Test
  void recordsWhatAMethodReturnsForWhoeverItsParametersName() {
    runner.run(
        context -> {
          context.getBean(Service.class).ask(new Order("alice"), 4);

          Usage usage = only(context.getBean(LlmAccounting.class));
          assertThat(usage.model()).isEqualTo("gpt-5-mini");
          assertThat(usage.tokens()).isEqualTo(TokenUsage.of(11, 7));
          assertThat(usage.attribution().project()).isEqualTo("search");
          assertThat(usage.attribution().user()).isEqualTo("alice");
          assertThat(usage.attribution().session()).isEqualTo("acme-5");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"stage", "mono", "flux"})
  void waitsForWhatComesLater(String kind) {
    runner.run(
        context -> {
          Service service = context.getBean(Service.class);
          switch (kind) {
            case "stage" -> service.stage().toCompletableFuture().join();
            case "mono" -> service.mono().block();
            default -> service.flux().blockLast();
          }

          Usage usage = only(context.getBean(LlmAccounting.class));
          assertThat(usage.tokens()).isEqualTo(TokenUsage.of(11, 7));
          assertThat(usage.outcome()).isEqualTo(Outcome.SUCCEEDED);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"mono", "flux"})
  void aChainAsksOnceForEachSubscription(String kind) {
    runner.run(
        context -> {
          Service service = context.getBean(Service.class);
          LlmAccounting accounting = context.getBean(LlmAccounting.class);
          Flux<?> chain = kind.equals("mono") ? service.mono().flux() : service.flux();

          assertThat(accounting.health().underWay()).isZero();
          assertThat(accounting.tail()).isEmpty();

          chain.blockLast();
          chain.blockLast();

          assertThat(accounting.tail())
              .hasSize(2)
              .allSatisfy(one -> assertThat(one.usage().tokens()).isEqualTo(TokenUsage.of(11, 7)));
        });
  }

  @Test
  void aDenialOfAChainComesToWhoeverSubscribes() {
    runner
        .withPropertyValues(
            "llm.accounting.limit-set=test",
            "llm.accounting.limits[0].name=none",
            "llm.accounting.limits[0].metric=requests",
            "llm.accounting.limits[0].max=0",
            "llm.accounting.limits[0].lifetime=true")
        .run(
            context -> {
              Mono<TokenUsage> chain =
                  context
                      .getBean(Service.class)
                      .mono()
                      .onErrorReturn(QuotaExceededException.class, TokenUsage.NONE);

              assertThat(chain.block()).isEqualTo(TokenUsage.NONE);
            });
  }

  @TrackLlmUsage(model = "gpt-5-mini")
  static class Whole {
    @Override
    public String toString() {
      return "whole";
    }
  }

  @Test
  void whatEveryObjectCanDoIsNoCall() {
    runner
        .withBean(Whole.class)
        .run(
            context -> {
              assertThat(context.getBean(Whole.class).toString()).isEqualTo("whole");
              assertThat(context.getBean(LlmAccounting.class).tail()).isEmpty();
            });
  }

  @Test
  void recordsWhatFailsLater() {
    runner.run(
        context -> {
          Service service = context.getBean(Service.class);

          assertThatThrownBy(() -> service.failing().block()).hasMessage("no answer");
          assertThat(only(context.getBean(LlmAccounting.class)).outcome())
              .isEqualTo(Outcome.FAILED);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"now", "later", "class"})
  void onlySaysWhoCallsWhereAMeteredModelIsInside(String when) {
    try (FakeProvider provider = FakeProvider.start()) {
      runner
          .withBean(
              OpenAiChatModel.class,
              () ->
                  OpenAiChatModel.builder()
                      .baseUrl(provider.uri() + "/v1")
                      .apiKey("none")
                      .modelName("gpt-5-mini")
                      .build())
          .run(
              context -> {
                Service service = context.getBean(Service.class);
                target(service).model = context.getBean(ChatModel.class);
                switch (when) {
                  case "now" -> service.byModel("bob");
                  case "later" -> service.later("bob").block();
                  default -> service.ofTheClass();
                }

                Usage usage = only(context.getBean(LlmAccounting.class));
                assertThat(usage.attribution().user())
                    .isEqualTo(when.equals("class") ? null : "bob");
                assertThat(usage.attribution().project())
                    .isEqualTo(when.equals("class") ? "shop" : null);
              });
    }
  }

  @Test
  void doesNotRunWhatHasNoRoom() {
    runner
        .withPropertyValues(
            "llm.accounting.limit-set=test",
            "llm.accounting.limits[0].name=none",
            "llm.accounting.limits[0].metric=requests",
            "llm.accounting.limits[0].max=0",
            "llm.accounting.limits[0].lifetime=true")
        .run(
            context -> {
              Service service = context.getBean(Service.class);

              assertThatThrownBy(() -> service.ask(new Order("alice"), 4))
                  .isInstanceOf(QuotaExceededException.class);
              assertThat(target(service).runs).isZero();
            });
  }

  @Test
  void doesNotRunWhoseCallerCannotBeTold() {
    runner.run(
        context ->
            assertThatThrownBy(() -> context.getBean(Service.class).ask(null, 4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("@TrackLlmUsage(user = \"#{#order.customer}\")", "ask"));
  }

  private static Service target(Service service) {
    return (Service) AopProxyUtils.getSingletonTarget(service);
  }

  private static Usage only(LlmAccounting accounting) {
    assertThat(accounting.tail()).hasSize(1);
    return accounting.tail().get(0).usage();
  }
}
