package io.llmaccounting.server.gateway;

import io.llmaccounting.providers.request.RequestReader;
import io.llmaccounting.providers.request.RequestTarget;
import io.llmaccounting.server.owned.ObjectPath;
import io.llmaccounting.server.wire.RequestPathRules;
import org.jspecify.annotations.Nullable;

/**
 * What a path says by itself, found out once.
 *
 * @param asksModel whether models are asked there
 * @param namesModel whether it names the model, whatever the body says
 * @param isPlain whether no server reads it as more than that
 * @param object which of the objects that providers keep it means, or null
 */
record PathReading(
    boolean asksModel, boolean namesModel, boolean isPlain, @Nullable ObjectPath object) {
  /** What is read of {@code path}. */
  static PathReading of(String path) {
    RequestTarget own = RequestTarget.ofPath(path);
    boolean asksModel = own.isModelCall();
    boolean namesModel = namesModel(own);
    boolean plain = true;
    for (String spelling : RequestPathRules.spellings(path)) {
      if (!spelling.equals(path)) {
        RequestTarget other = RequestTarget.ofPath(spelling);
        plain &= (asksModel || !other.isModelCall()) && (namesModel || !namesModel(other));
      }
    }
    ObjectPath object = null;
    for (String spelling : RequestPathRules.spellings(path)) {
      ObjectPath seen = ObjectPath.of(spelling);
      // what has another name to one server than to another is nobody's
      plain &= seen == null || spelling.equalsIgnoreCase(path);
      object = object == null ? seen : object;
    }
    return new PathReading(asksModel, namesModel, plain, object);
  }

  private static boolean namesModel(RequestTarget target) {
    return RequestReader.create().read(new byte[0], target).model() != null;
  }
}
