package io.llmaccounting.springai;

import io.llmaccounting.tap.internal.Accessors;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.model.ModelOptions;

/** What models have of which their type does not tell. */
final class Models {
  private Models() {}

  /**
   * The name in the options of {@code model}; null where they cannot be found.
   *
   * @param type the type of its options
   */
  static @Nullable String named(Object model, Class<? extends ModelOptions> type) {
    Object options = Accessors.ask(model, "getOptions");
    Object told = options == null ? Accessors.ask(model, "getDefaultOptions") : options;
    Object found = told == null ? Line.part(model, type) : told;
    return Accessors.ask(found, "getModel") instanceof String name ? name : null;
  }
}
