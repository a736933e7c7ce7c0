package io.llmaccounting.tap;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The types of what methods return. Immutable. */
record ReturnTypes(List<ReturnReader> readers, List<ReturnFollower> followers) {
  private static final ReturnReader OURS =
      returned ->
          returned instanceof ModelAnswer answer
              ? Optional.of(answer)
              : returned instanceof TokenUsage tokens
                  ? Optional.of(ModelAnswer.of(tokens))
                  : Optional.empty();

  /** Those of the JDK and of this library, and what is installed as services. */
  static ReturnTypes installed(CallMeter meter) {
    return new ReturnTypes(
        with(OURS, services(ReturnReader.class, meter)), services(ReturnFollower.class, meter));
  }

  private static <T> List<T> services(Class<T> type, CallMeter meter) {
    List<T> found = new ArrayList<>();
    Iterator<T> services = ServiceLoader.load(type).iterator();
    while (addNext(services, found, meter)) {
      // the iterator goes on behind what cannot be loaded
    }
    return List.copyOf(found);
  }

  private static <T> boolean addNext(Iterator<T> services, List<T> found, CallMeter meter) {
    try {
      return services.hasNext() && found.add(services.next());
    } catch (ServiceConfigurationError e) {
      // not where only its library is not there
      if (!(e.getCause() instanceof LinkageError)) {
        meter.adapterFailed(e);
      }
      return true;
    } catch (LinkageError e) {
      return true;
    }
  }

  ReturnTypes reading(ReturnReader reader) {
    Objects.requireNonNull(reader, "reader is required, was null");
    return new ReturnTypes(with(reader, readers), followers);
  }

  ReturnTypes following(ReturnFollower follower) {
    Objects.requireNonNull(follower, "follower is required, was null");
    return new ReturnTypes(readers, with(follower, followers));
  }

  private static <T> List<T> with(T first, List<T> others) {
    List<T> all = new ArrayList<>();
    all.add(first);
    all.addAll(others);
    return List.copyOf(all);
  }

  /** What {@code piece} tells, by the first reader that knows its type. */
  Optional<ModelAnswer> read(Object piece) {
    Object told = piece instanceof Optional<?> one && one.isPresent() ? one.get() : piece;
    for (ReturnReader reader : readers) {
      Optional<ModelAnswer> read = read(reader, told);
      if (read.isPresent()) {
        return read;
      }
    }
    return Optional.empty();
  }

  private static Optional<ModelAnswer> read(ReturnReader reader, Object told) {
    try {
      return reader.read(told);
    } catch (LinkageError e) {
      // its library is not there, so that this is none of its types
      return Optional.empty();
    }
  }

  /** Tells {@code pending} of what a method has returned, and returns what stands in for it. */
  @Nullable Object told(@Nullable Object returned, Class<?> declared, PendingReturn pending) {
    if (returned instanceof CompletionStage<?> stage) {
      CompletableFuture<?> shown = LaterStage.follow(stage, pending);
      return declared.isInstance(shown) ? shown : returned;
    }
    if (returned != null) {
      Object shown = followed(returned, declared, pending);
      if (shown != null) {
        return shown;
      }
      pending.came(returned);
    }
    PendingReturn.await(pending.completed(), returned);
    return returned;
  }

  /**
   * What stands in for a value whose answer comes later; null if it is there, or cannot be told.
   */
  private @Nullable Object followed(Object returned, Class<?> declared, PendingReturn pending) {
    try {
      for (ReturnFollower follower : followers) {
        Optional<Object> shown = follower.follow(returned, pending);
        if (shown.isPresent() && declared.isInstance(shown.get())) {
          return shown.get();
        }
      }
      return returned instanceof Flow.Publisher<?> publisher
              && declared.isAssignableFrom(Flow.Publisher.class)
          ? new LaterPieces<>(publisher, pending)
          : null;
    } catch (RuntimeException | LinkageError e) {
      pending.unread(e);
      return null;
    }
  }
}
