package io.llmaccounting.internal.calls;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Usage;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Completes the record that settles a hold from that hold, and refuses a record that contradicts
 * it. Pure.
 */
final class Attested {
  private Attested() {}

  /** {@code actual} with what it leaves open taken from {@code held}. */
  static Usage complete(Usage actual, CallRequest held) {
    UUID id = actual.id();
    require(id, "model", actual.model(), held.model());
    require(id, "provider", actual.provider(), held.provider());
    Attribution said = actual.attribution();
    Attribution known = held.attribution();
    require(id, "project", said.project(), known.project());
    require(id, "user", said.user(), known.user());
    require(id, "caller", said.caller(), known.caller());
    require(id, "session", said.session(), known.session());
    for (Map.Entry<String, String> tag : said.tags().entrySet()) {
      require(id, "tag " + tag.getKey(), tag.getValue(), known.tags().get(tag.getKey()));
    }
    Usage completed =
        actual.provider() == null && held.provider() != null
            ? actual.withProvider(held.provider())
            : actual;
    Attribution all = said.orElse(known);
    return all.equals(said) ? completed : completed.withAttribution(all);
  }

  private static void require(
      UUID id, String field, @Nullable String said, @Nullable String known) {
    if (said != null && known != null && !said.equals(known)) {
      throw new IllegalArgumentException(
          "%s must be what the hold %s says, \"%s\", was \"%s\"".formatted(field, id, known, said));
    }
  }
}
