package io.llmaccounting.sinks;

import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.backend.OutboxPage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * Delivers a page in batches, and halves those that are refused until it knows by which record.
 * What was taken of a page before it failed is remembered, so that it is not sent again as long as
 * this process lives. Confined to one thread.
 */
final class PageDelivery {
  private final Attempt attempt;
  private final SinkSettings settings;
  private final Map<UUID, Long> taken = new HashMap<>();
  private final Map<UUID, String> refused = new HashMap<>();

  PageDelivery(Attempt attempt, SinkSettings settings) {
    this.attempt = attempt;
    this.settings = settings;
  }

  /**
   * Delivers what is left of a page.
   *
   * @param mayGoOn asked before each batch
   * @return TAKEN where the page is done, though some may be {@link #refused}
   */
  Delivery deliver(OutboxPage page, BooleanSupplier mayGoOn) throws InterruptedException {
    Deque<List<OutboxItem>> batches = new ArrayDeque<>(batches(page));
    while (!batches.isEmpty()) {
      if (!mayGoOn.getAsBoolean()) {
        return Delivery.later("another process delivers to it", null);
      }
      List<OutboxItem> batch = batches.remove();
      Delivery delivery = attempt.deliver(batch);
      Map<UUID, String> cause = new NamesOut(batch).of(delivery.refused());
      refused.putAll(cause);
      switch (delivery.status()) {
        case TAKEN ->
            batch.stream()
                .filter(item -> !cause.containsKey(id(item)))
                .forEach(item -> taken.put(id(item), item.revision()));
        case LATER -> {
          return Delivery.later(new NamesOut(batch).of(delivery.reason()), delivery.retryAfter());
        }
        case REFUSED -> halve(batch, delivery.reason(), batches);
      }
    }
    return Delivery.taken();
  }

  private void halve(List<OutboxItem> batch, String reason, Deque<List<OutboxItem>> batches) {
    List<OutboxItem> left = batch.stream().filter(item -> !refused.containsKey(id(item))).toList();
    if (left.size() == 1) {
      refused.put(id(left.get(0)), new NamesOut(left).of(reason));
    } else if (!left.isEmpty()) {
      int half = left.size() / 2;
      batches.addFirst(left.subList(half, left.size()));
      batches.addFirst(left.subList(0, half));
    }
  }

  private List<List<OutboxItem>> batches(OutboxPage page) {
    List<OutboxItem> left =
        page.items().stream()
            .filter(item -> !refused.containsKey(id(item)))
            .filter(item -> taken.getOrDefault(id(item), -1L) != item.revision())
            .map(settings.redaction()::of)
            .toList();
    List<List<OutboxItem>> batches = new ArrayList<>();
    for (int from = 0; from < left.size(); from += settings.batch()) {
      batches.add(left.subList(from, Math.min(left.size(), from + settings.batch())));
    }
    return batches;
  }

  private static UUID id(OutboxItem item) {
    return item.record().usage().id();
  }

  /** Those that will never be taken, with the reason. */
  Map<UUID, String> refused() {
    return Map.copyOf(refused);
  }

  /** Forgets the page that was told to the store. */
  void next() {
    taken.clear();
    refused.clear();
  }
}
