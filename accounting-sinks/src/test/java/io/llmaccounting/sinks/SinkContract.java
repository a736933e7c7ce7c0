package io.llmaccounting.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.OutboxItem;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link Sink} must do; extend it for one of your own. */
public abstract class SinkContract {
  /** For sinks. */
  protected SinkContract() {}

  /** A sink whose receiver takes everything. Asked again in a test, it has the same receiver. */
  protected abstract Sink open() throws Exception;

  /** The ids of the records that the receiver has by now. */
  protected abstract Set<UUID> received() throws Exception;

  private static Set<UUID> ids(List<OutboxItem> items) {
    return Set.copyOf(items.stream().map(item -> item.record().usage().id()).toList());
  }

  @Test
  final void whatItTookIsAtTheReceiver() throws Exception {
    List<OutboxItem> items = SinkItems.some(25);
    try (Sink sink = open()) {
      assertThat(sink.deliver(items)).isEqualTo(Delivery.taken());

      assertThat(received()).isEqualTo(ids(items));
    }
  }

  @Test
  final void whatComesTwiceHasItsId() throws Exception {
    List<OutboxItem> items = SinkItems.some(3);
    try (Sink sink = open()) {
      assertThat(sink.deliver(items)).isEqualTo(Delivery.taken());
      assertThat(sink.deliver(items)).isEqualTo(Delivery.taken());
      OutboxItem first = items.get(0);
      assertThat(sink.deliver(List.of(new OutboxItem(first.record(), 1))))
          .isEqualTo(Delivery.taken());

      assertThat(received()).isEqualTo(ids(items));
    }
  }

  @Test
  final void goesOnWhereAnotherInstanceEnded() throws Exception {
    List<OutboxItem> items = SinkItems.some(4);
    try (Sink first = open()) {
      assertThat(first.deliver(items.subList(0, 2))).isEqualTo(Delivery.taken());
    }
    try (Sink second = open()) {
      assertThat(second.deliver(items.subList(2, 4))).isEqualTo(Delivery.taken());
    }

    assertThat(received()).isEqualTo(ids(items));
  }

  @Test
  final void itsNameStaysAndClosingAgainDoesNothing() throws Exception {
    Sink sink = open();
    assertThat(sink.name()).isNotBlank().isEqualTo(open().name());
    sink.close();
    sink.close();
  }
}
