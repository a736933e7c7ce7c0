package io.llmaccounting.server.rest.limits;

import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.LimitLine;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.EntityTag;
import io.llmaccounting.server.rest.http.Problem;
import io.llmaccounting.server.rest.http.ProblemException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A limit as an object, and what tells one state of it from another. */
final class LimitForm {
  /** What a request may leave out. */
  private static final Map<String, String> DEFAULTS =
      Map.of("action", "deny", "open_on_outage", "0", "unpriced", "deny", "unpriced_ceiling", "0");

  private LimitForm() {}

  /** Reads the limit of a request, which has the name in its path. */
  static Limit read(Asked asked) {
    String name = asked.path().text("name");
    Map<String, Object> values = new LinkedHashMap<>(DEFAULTS);
    values.put("name", name);
    values.putAll(asked.body().values());
    if (!name.equals(values.get("name"))) {
      throw ProblemException.invalid(
          "/name", "be \"" + name + "\", as in the path", values.get("name"));
    }
    return LimitLine.readOwned(JsonFields.of(values)).limit();
  }

  static EntityTag tag(OwnedLimit limit) {
    return EntityTag.of(to -> LimitLine.write(to, limit));
  }

  /**
   * Requires that the limit is as the request says that it knows it.
   *
   * @param needed whether a request that does not say so is refused where there is a limit
   */
  static void requireKnown(Asked asked, Optional<OwnedLimit> present, boolean needed) {
    if (present.isEmpty()) {
      if (asked.ifMatch() != null) {
        throw new ProblemException(
            Problem.Code.CHANGED_MEANWHILE, "it is not there any more; leave out If-Match");
      }
    } else if (needed || asked.ifMatch() != null) {
      tag(present.get()).requireIn(EntityTag.required(asked));
    }
  }

  static ProblemException unknown(String name) {
    return new ProblemException(Problem.Code.NOT_FOUND, "there is no limit \"%s\"".formatted(name));
  }
}
