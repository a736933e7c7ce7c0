package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.access.SealedBytes;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamKind;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.sealing.SealingException;
import io.llmaccounting.testkit.InMemoryBackend;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoredCredentialsTest {
  private static final UpstreamSettings OPENAI =
      UpstreamSettings.of(
          "openai", UpstreamKind.OPENAI, URI.create("https://api.openai.com"), "openai");

  private final Vertx vertx = Vertx.vertx();
  private final LlmAccounting accounting = LlmAccounting.create(InMemoryBackend.create());
  private final AtomicLong nanos = new AtomicLong();
  private final StoredCredentials credentials =
      new StoredCredentials(
          vertx, accounting.credentials(), this::opened, Duration.ofSeconds(1), nanos::get);

  private Secret opened(ProviderCredential credential) {
    String text = new String(credential.sealed().toBytes(), StandardCharsets.UTF_8);
    if (text.equals("broken")) {
      throw new IllegalStateException("it was tampered with");
    }
    return Secret.of(text);
  }

  @AfterEach
  void close() {
    accounting.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void add(@Nullable String project, String text) {
    assertThat(
            accounting
                .credentials()
                .add(
                    new ProviderCredential(
                        accounting.credentials().newId(),
                        project,
                        "openai",
                        Integer.toHexString(text.hashCode()),
                        SealedBytes.of(text.getBytes(StandardCharsets.UTF_8)),
                        "test",
                        Instant.EPOCH)))
        .isTrue();
  }

  private @Nullable String told(@Nullable String project) throws Exception {
    return credentials
        .credential(project, OPENAI)
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS)
        .map(Secret::reveal)
        .orElse(null);
  }

  private List<String> twice(@Nullable String project) throws Exception {
    return Stream.of(told(project), told(project)).sorted().toList();
  }

  @Test
  void thoseOfTheProjectComeBeforeThoseOfAll() throws Exception {
    add(null, "of all");
    add("apollo", "of apollo");

    assertThat(told("apollo")).isEqualTo("of apollo");
    assertThat(told("gemini")).isEqualTo("of all");
    assertThat(told(null)).isEqualTo("of all");
  }

  @Test
  void severalTakeTurns() throws Exception {
    add(null, "one");
    add(null, "two");

    assertThat(twice(null)).containsExactly("one", "two");
  }

  @Test
  void oneThatCannotBeOpenedTakesNothingFromTheOthers() throws Exception {
    add(null, "broken");
    add(null, "no header has\n");
    add(null, "whole");

    assertThat(twice(null)).containsExactly("whole", "whole");
  }

  @Test
  void oneThatCannotBeOpenedIsNotAsIfThereWereNone() throws Exception {
    add("apollo", "broken");

    assertThat(told("gemini")).isNull();
    assertThatThrownBy(() -> told("apollo"))
        .hasCauseInstanceOf(SealingException.class)
        .hasMessageContaining("cannot be opened");
  }

  @Test
  void aProjectWhoseOwnCannotBeOpenedDoesNotComeToUseThatOfAll() throws Exception {
    add("apollo", "broken");
    add(null, "of all");

    assertThat(told("gemini")).isEqualTo("of all");
    assertThatThrownBy(() -> told("apollo")).hasCauseInstanceOf(SealingException.class);
  }

  @Test
  void theOneThatIsWantedIsTakenWhereTheProjectMayUseIt() throws Exception {
    add(null, "one");
    add(null, "two");
    add("apollo", "of apollo");
    Map<String, String> ids = new HashMap<>();
    accounting
        .credentials()
        .list()
        .forEach(one -> ids.put(opened(one).reveal(), one.id().toString()));

    for (int again = 0; again < 3; again++) {
      assertThat(held("gemini", ids.get("two")).secret().reveal()).isEqualTo("two");
      assertThat(held("apollo", ids.get("one")).secret().reveal()).isEqualTo("one");
    }
    assertThat(held("apollo", ids.get("one")).shared()).isTrue();
    assertThat(held("apollo", null).shared()).isFalse();
    assertThat(held("gemini", ids.get("of apollo")).secret().reveal()).isIn("one", "two");
  }

  private Keychain.Held held(String project, @Nullable String wanted) throws Exception {
    return credentials
        .held(project, OPENAI, wanted)
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS)
        .orElseThrow();
  }

  @Test
  void whatChangesIsSeenWithinTheStaleness() throws Exception {
    add(null, "first");
    assertThat(told(null)).isEqualTo("first");
    accounting.credentials().list().forEach(one -> accounting.credentials().remove(one.id()));
    add(null, "second");

    assertThat(told(null)).isEqualTo("first");
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(told(null)).isEqualTo("second");
  }
}
