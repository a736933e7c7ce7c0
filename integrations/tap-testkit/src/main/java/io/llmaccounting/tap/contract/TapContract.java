package io.llmaccounting.tap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every adapter does. A subclass supplies the client, metered and not, and has no tests of its
 * own that this has. Each case asks a provider on loopback with the real library.
 *
 * <p>Cases that are inherited: whole answers and denials, failures, streams, calls that are given
 * up, and here many callers at once.
 */
public abstract class TapContract extends GivenUpCases {
  private static final int CALLERS = 100;

  @Test
  final void eachOfAHundredThreadsIsBookedToItsOwnUser() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    try {
      assertEachHasItsOwn(threads);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  final void eachOfAHundredVirtualThreadsIsBookedToItsOwnUser() throws Exception {
    assumeThat(Runtime.version().feature()).as("virtual threads").isGreaterThanOrEqualTo(21);
    ExecutorService threads =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    try {
      assertEachHasItsOwn(threads);
    } finally {
      threads.shutdownNow();
    }
  }

  private void assertEachHasItsOwn(ExecutorService threads) throws Exception {
    TapClient client = client();
    List<Future<String>> answers = new ArrayList<>();
    for (String user : users()) {
      answers.add(
          threads.submit(
              () -> {
                try (CallContext.Scope scope = as(user)) {
                  return client.ask(QUESTION);
                }
              }));
    }
    for (Future<String> answer : answers) {
      assertThat(answer.get()).isNotNull();
    }
    assertEachUserHasOne();
  }

  @Test
  final void eachOfAHundredCallsWithoutWaitingIsBookedToItsOwnUser() throws Exception {
    TapClient client = client();
    Executor elsewhere = Executors.newFixedThreadPool(4);
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (String user : users()) {
      try (CallContext.Scope scope = as(user)) {
        answers.add(client.askAsync(QUESTION).thenApplyAsync(answer -> answer, elsewhere));
      }
    }
    for (CompletableFuture<String> answer : answers) {
      assertThat(answer.get()).isNotNull();
    }
    assertEachUserHasOne();
    ((ExecutorService) elsewhere).shutdownNow();
  }

  private static List<String> users() {
    return IntStream.range(0, CALLERS).mapToObj(i -> "user-" + i).toList();
  }

  private void assertEachUserHasOne() throws InterruptedException {
    assertThat(records.await(CALLERS))
        .extracting((Usage record) -> record.attribution().user())
        .containsExactlyInAnyOrderElementsOf(users());
    assertThat(contained).isEmpty();
    assertNothingHeld();
  }
}
