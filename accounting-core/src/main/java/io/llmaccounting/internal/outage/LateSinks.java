package io.llmaccounting.internal.outage;

import io.llmaccounting.backend.Outbox;
import io.llmaccounting.backend.OutboxPage;
import io.llmaccounting.backend.Redelivery;
import io.llmaccounting.backend.RefusedDelivery;
import io.llmaccounting.backend.SinkBackend;
import io.llmaccounting.backend.SinkState;
import io.llmaccounting.backend.UsageBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What sinks deliver, of a backend that is asked for anew each time, as {@link LateStores}. */
final class LateSinks {
  private LateSinks() {}

  private static SinkBackend backend(Supplier<UsageBackend> real) {
    UsageBackend found = real.get();
    if (found instanceof SinkBackend sinks) {
      return sinks;
    }
    throw new UnsupportedOperationException(
        "the backend must be a SinkBackend to keep what sinks deliver, was "
            + found.getClass().getName());
  }

  record OfOutbox(Supplier<UsageBackend> real) implements Outbox {
    private Outbox store() {
      return backend(real).outbox();
    }

    @Override
    public List<SinkState> sinks() {
      return store().sinks();
    }

    @Override
    public boolean open(String sink, @Nullable Instant from) {
      return store().open(sink, from);
    }

    @Override
    public boolean remove(String sink) {
      return store().remove(sink);
    }

    @Override
    public boolean claim(String sink, UUID holder, Duration term) {
      return store().claim(sink, holder, term);
    }

    @Override
    public OutboxPage next(String sink, int most) {
      return store().next(sink, most);
    }

    @Override
    public void delivered(OutboxPage page, Map<UUID, String> refused) {
      store().delivered(page, refused);
    }

    @Override
    public void failed(String sink, String reason) {
      store().failed(sink, reason);
    }
  }

  record OfRedelivery(Supplier<UsageBackend> real) implements Redelivery {
    private Redelivery store() {
      return backend(real).redelivery();
    }

    @Override
    public List<RefusedDelivery> refused(String sink, int most) {
      return store().refused(sink, most);
    }

    @Override
    public int again(String sink, Set<UUID> ids) {
      return store().again(sink, ids);
    }

    @Override
    public void replay(String sink, Instant from) {
      store().replay(sink, from);
    }
  }
}
