package io.llmaccounting.spring;

import io.llmaccounting.json.limits.FileNode;
import io.llmaccounting.json.limits.LimitFileException;
import io.llmaccounting.json.limits.LimitSetForm;
import io.llmaccounting.limit.LimitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** The limits that the properties declare, as a set with a name. */
final class DeclaredSet {
  private static final String LIMITS = LlmAccountingProperties.PREFIX + "limits";
  private static final String SET = LlmAccountingProperties.PREFIX + "limit-set";
  private static final String OWNER = "spring-boot:";

  private DeclaredSet() {}

  /**
   * The set; an empty one where no limits are declared, so that those go that were. Null where
   * nothing tells whose that would be.
   */
  static @Nullable LimitSet of(LlmAccountingProperties properties, Environment environment) {
    List<DeclaredLimit> declared = properties.limits() == null ? List.of() : properties.limits();
    String name = name(properties, environment);
    if (name == null && declared.isEmpty()) {
      return null;
    }
    if (name == null) {
      throw new SettingException(
          SET,
          null,
          "must name whose limits llm.accounting.limits are, or spring.application.name must: other"
              + " applications may keep limits in the same place");
    }
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("set", name);
    whole.put("zone", properties.limitZone());
    whole.put("limits", declared.stream().map(DeclaredLimit::fields).toList());
    try {
      return LimitSetForm.read(FileNode.of(whole));
    } catch (LimitFileException e) {
      throw new SettingException(LIMITS, null, String.join("%n    ".formatted(), e.problems()), e);
    }
  }

  private static @Nullable String name(
      LlmAccountingProperties properties, Environment environment) {
    if (properties.limitSet() != null) {
      return properties.limitSet();
    }
    String application = environment.getProperty("spring.application.name");
    return application == null || application.isBlank() ? null : OWNER + application;
  }
}
