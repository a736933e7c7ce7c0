package io.llmaccounting.testkit;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.SpooledCall;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemorySpoolTest {
  private final InMemorySpool spool = InMemorySpool.create(ManualClock.create());

  @Test
  void failsAsOftenAsItIsTold() {
    spool.failNext(1);

    assertThatThrownBy(this::append)
        .isInstanceOf(BackendException.class)
        .hasMessage("the in-memory spool failed, as the test asked");
    append();

    assertThat(spool.state().waiting()).isEqualTo(1);
  }

  @Test
  void isDownUntilItRecovers() {
    spool.breakDown();
    assertThatThrownBy(spool::state).isInstanceOf(BackendException.class);
    assertThatThrownBy(this::append).isInstanceOf(BackendException.class);

    spool.recover();

    assertThat(spool.state().waiting()).isZero();
  }

  @Test
  void keepsWhatItSaysFailedWhenTheAnswerIsLost() {
    spool.loseNextAnswer();

    assertThatThrownBy(this::append).isInstanceOf(BackendException.class);

    assertThat(spool.state().waiting()).isEqualTo(1);
  }

  @Test
  void saysThatOpenAmountsAreLostUntilTheReset() {
    spool.append(List.of(), Map.of(new OpenLimit("cost", ""), 1L));
    spool.loseOpenAmounts();

    assertThat(spool.openAmounts().complete()).isFalse();
    assertThat(spool.openAmounts().sums()).isEmpty();

    spool.openAmounts().reset(Map.of());

    assertThat(spool.openAmounts().complete()).isTrue();
  }

  private void append() {
    spool.append(
        List.of(new SpooledCall(aCall().usage(), false, true, ManualClock.START)), Map.of());
  }
}
