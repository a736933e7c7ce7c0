package io.llmaccounting.call;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The contexts that are open on each thread, innermost first. A thread on which none is open keeps
 * nothing; one that another thread has closed leaves an empty link until the thread looks again.
 */
final class OpenContexts {
  // not inheritable: a pooled thread would keep what was open where it was made
  private static final ThreadLocal<Link> INNERMOST = new ThreadLocal<>();

  private OpenContexts() {}

  private static final class Link implements CallContext.Scope {
    private @Nullable Link around;
    private final Thread owner;
    private final AtomicReference<@Nullable CallContext> context;

    Link(CallContext context, @Nullable Link around) {
      this.context = new AtomicReference<>(context);
      this.around = around;
      this.owner = Thread.currentThread();
    }

    @Override
    public void close() {
      context.set(null);
      if (Thread.currentThread() == owner) {
        Link unused = openLink();
      }
    }
  }

  // drops what was closed meanwhile, also between those that are open
  private static @Nullable Link openLink() {
    Link innermost = INNERMOST.get();
    if (innermost == null) {
      return null;
    }
    Link open = openFrom(innermost);
    if (open == null) {
      INNERMOST.remove();
      return null;
    }
    if (open != innermost) {
      INNERMOST.set(open);
    }
    for (Link link = open; link != null; link = link.around) {
      link.around = openFrom(link.around);
    }
    return open;
  }

  private static @Nullable Link openFrom(@Nullable Link innermost) {
    Link open = innermost;
    while (open != null && open.context.get() == null) {
      open = open.around;
    }
    return open;
  }

  static @Nullable CallContext innermost() {
    for (Link open = openLink(); open != null; open = openLink()) {
      CallContext context = open.context.get();
      if (context != null) {
        return context;
      }
      // another thread has closed it since: the one around it is looked for
    }
    return null;
  }

  static CallContext.Scope open(CallContext context) {
    Link link = new Link(context, openLink());
    INNERMOST.set(link);
    return link;
  }
}
