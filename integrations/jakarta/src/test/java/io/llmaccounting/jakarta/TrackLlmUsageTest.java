package io.llmaccounting.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Annotated methods of beans in a real container, which finds our beans by itself. */
class TrackLlmUsageTest {
  private static final Logger WELD = Logger.getLogger("org.jboss.weld");

  static {
    WELD.setLevel(Level.WARNING);
  }

  private final SeContainer container = SeContainerInitializer.newInstance().initialize();
  private final LlmAccounting accounting = container.select(LlmAccounting.class).get();
  private final Beans.Assistant assistant = container.select(Beans.Assistant.class).get();

  @AfterEach
  void close() {
    container.close();
  }

  private List<Usage> records() {
    return accounting.tail(UsageFilter.all(), 100).stream().map(RecordedUsage::usage).toList();
  }

  private Usage record() {
    assertThat(records()).hasSize(1);
    return records().get(0);
  }

  private void calls(Attribution who) {
    container.select(Beans.Caller.class).get().becomes(who);
  }

  @Test
  void anAnnotatedMethodIsACallOfItsModel() {
    assertThat(assistant.ask("Who?").text()).isEqualTo("Hello");

    assertThat(record().model()).isEqualTo("gpt-5-mini");
    assertThat(record().tokens()).isEqualTo(TokenUsage.of(7, 3));
    assertThat(record().attribution()).isEqualTo(Attribution.NONE.withProject("search"));
  }

  @Test
  void parametersComeBeforeTheAnnotation() {
    Object unused = assistant.askAs("alice", "gpt-5", 42);

    assertThat(record().model()).isEqualTo("gpt-5");
    assertThat(record().attribution())
        .isEqualTo(Attribution.NONE.withUser("alice").withSession("42"));
  }

  @Test
  void parametersThatSayNothingLeaveItToTheAnnotation() {
    Object unused = assistant.askAs(" ", null, 42);

    assertThat(record().model()).isEqualTo("gpt-5-mini");
    assertThat(record().attribution().user()).isEqualTo("nobody");
  }

  @Test
  void aNameThatCannotBeRecordedKeepsTheMethodFromRunning() {
    assertThatThrownBy(() -> assistant.askAs("a".repeat(300), "gpt-5", 42))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("user");
    assertThat(records()).isEmpty();
  }

  @Test
  void theContextComesBeforeTheCallerBean() {
    calls(Attribution.NONE.withUser("bob").withProject("sales"));

    try (CallContext.Scope scope =
        CallContext.of(Attribution.NONE.withUser("alice").withSession("s")).open()) {
      Object unused = assistant.ask("Who?");
    }

    assertThat(record().attribution())
        .isEqualTo(Attribution.NONE.withUser("alice").withProject("search").withSession("s"));
  }

  @Test
  void theCallerBeanSaysWhatNothingElseSays() {
    calls(Attribution.NONE.withUser("bob"));

    Object unused = assistant.ask("Who?");

    assertThat(record().attribution().user()).isEqualTo("bob");
  }

  @Test
  void withoutAModelAMethodSaysWhoCalls() {
    assertThat(assistant.throughAClient()).isEqualTo("done");

    assertThat(records())
        .extracting(Usage::tokens)
        .containsExactlyInAnyOrder(TokenUsage.of(1, 1), TokenUsage.of(2, 2), TokenUsage.of(3, 3));
    assertThat(records())
        .extracting(record -> record.attribution().project())
        .containsOnly("search");
    assertThat(assistant.whoCalls().user()).isEqualTo("alice");
    assertThat(CallContext.current().attribution()).isEqualTo(Attribution.NONE);
  }

  @Test
  void aMethodThatIsDeniedDoesNotRun() {
    accounting.limits().save(Limit.named("none").requests(0).rolling(Duration.ofHours(1)));

    assertThatThrownBy(() -> assistant.ask("Who?")).isInstanceOf(QuotaExceededException.class);
    assertThat(records()).isEmpty();
  }

  @Test
  void whatAMethodThrowsIsRecordedAndThrown() {
    assertThatThrownBy(assistant::fail)
        .isInstanceOf(IOException.class)
        .hasMessage("no route to host");
    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void anAnswerThatComesLaterIsRecordedThen() {
    CompletableFuture<Beans.Answer> asked = new CompletableFuture<>();

    var shown = assistant.later(asked);
    assertThat(records()).isEmpty();
    asked.complete(new Beans.Answer("Hello", 7, 3));

    assertThat(shown.toCompletableFuture().join().text()).isEqualTo("Hello");
    assertThat(record().tokens()).isEqualTo(TokenUsage.of(7, 3));
  }

  @Test
  void theAnnotationOfAClassHoldsForMethodsWithoutOne() {
    Beans.Ranker ranker = container.select(Beans.Ranker.class).get();
    Object unused = ranker.rank();
    unused = ranker.rankWell();

    assertThat(records()).extracting(Usage::model).containsExactlyInAnyOrder("gpt-5-mini", "gpt-5");
    assertThat(records())
        .extracting(record -> record.attribution().caller())
        .containsExactlyInAnyOrder("ranker", null);
  }
}
