package io.llmaccounting.call;

import io.llmaccounting.usage.Attribution;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling, and the call that is being metered, for code that does not pass them along. What
 * a call says of itself comes first, then the innermost open context, then the defaults of the
 * accounting. Immutable, and safe to carry from thread to thread by hand.
 *
 * <p>A context is open on the thread that opened it, virtual or not, and no other: threads inherit
 * nothing. It is handed to another by {@code wrap}, or by taking {@link #current} here and opening
 * it there.
 *
 * <p><b>Metered once.</b> Layers nest: a framework calls an SDK, which calls an HTTP client. The
 * outermost layer that meters a call to a model begins it, and opens {@link #of(LlmCall)} around
 * what it calls. Every layer looks at {@link #call} first: if there is one, it begins none of its
 * own, and adds what it knows to that one.
 */
public final class CallContext {
  private static final CallContext NONE =
      new CallContext(Attribution.NONE, null, Metering.ON, true);
  private static final CallContext UNMETERED =
      new CallContext(Attribution.NONE, null, Metering.OFF, false);

  private final Attribution attribution;
  private final @Nullable LlmCall call;
  private final @Nullable Metering metering;
  private final boolean whole;

  private enum Metering {
    ON,
    OFF
  }

  private CallContext(
      Attribution attribution, @Nullable LlmCall call, @Nullable Metering metering, boolean whole) {
    this.attribution = attribution;
    this.call = call;
    this.metering = metering;
    this.whole = whole;
  }

  /** A context that says who is calling; what it leaves open is taken from the one around it. */
  public static CallContext of(Attribution attribution) {
    return new CallContext(
        Objects.requireNonNull(attribution, "attribution is required, was null"),
        null,
        null,
        false);
  }

  /**
   * A context in which adapters meter nothing: what they pass on is neither refused nor recorded.
   * For calls that are free, or metered elsewhere.
   */
  public static CallContext unmetered() {
    return UNMETERED;
  }

  /**
   * A context in which {@code call} is the call that is metered, attributed to whoever began it.
   */
  public static CallContext of(LlmCall call) {
    return new CallContext(call.request().attribution(), call, Metering.ON, false);
  }

  /**
   * What is open on this thread; without attribution and call where nothing is. Opened elsewhere,
   * it replaces what is open there: nothing shows through.
   */
  public static CallContext current() {
    CallContext innermost = OpenContexts.innermost();
    return innermost == null ? NONE : innermost;
  }

  /** Who is calling. */
  public Attribution attribution() {
    return attribution;
  }

  /** Whether adapters meter what is called here; true unless the context is unmetered. */
  public boolean isMetered() {
    return metering != Metering.OFF;
  }

  /** The call that a layer further out meters; empty where none does, or where it has ended. */
  public Optional<MeteredCall> call() {
    return call == null || call.isEnded() ? Optional.empty() : Optional.of(call);
  }

  /**
   * Opens this context on the current thread until the scope is closed. Scopes may be closed in any
   * order and by any thread: one that is closed no longer counts, whatever was opened inside of it
   * stays.
   */
  public Scope open() {
    return OpenContexts.open(whole ? this : within(current()));
  }

  private CallContext within(CallContext around) {
    return new CallContext(
        attribution.orElse(around.attribution),
        call == null ? around.call : call,
        metering == null ? around.metering : metering,
        true);
  }

  /** {@code task}, to be run in the context that is open here and now. */
  public static Runnable wrap(Runnable task) {
    CallContext here = current();
    return () -> {
      Scope scope = here.open();
      try {
        task.run();
      } finally {
        scope.close();
      }
    };
  }

  /** {@code task}, to be run in the context that is open here and now. */
  public static <T> Callable<T> wrap(Callable<T> task) {
    CallContext here = current();
    return () -> {
      Scope scope = here.open();
      try {
        return task.call();
      } finally {
        scope.close();
      }
    };
  }

  /**
   * {@code source}, to be asked in the context that is open here and now. It has a name of its own
   * because a lambda could be a task as well as a supplier.
   */
  public static <T> Supplier<T> wrapSupplier(Supplier<T> source) {
    CallContext here = current();
    return () -> {
      Scope scope = here.open();
      try {
        return source.get();
      } finally {
        scope.close();
      }
    };
  }

  /** Runs each task by {@code executor}, in the context of the thread that hands it over. */
  public static Executor wrap(Executor executor) {
    return task -> executor.execute(wrap(task));
  }

  /** Wraps a service as {@link #wrap} does; ending it ends {@code service}. */
  public static ExecutorService wrap(ExecutorService service) {
    return new CarryingExecutorService(service);
  }

  /** Keeps a context open until it is closed; closing it again does nothing. */
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }
}
