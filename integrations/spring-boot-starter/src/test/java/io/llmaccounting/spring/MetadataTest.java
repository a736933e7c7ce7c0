package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** What development environments know of the properties. */
class MetadataTest {
  private static final String PREFIX = LlmAccountingProperties.PREFIX;

  @Test
  void describesEveryProperty() throws IOException {
    assertThat(properties())
        .hasSizeGreaterThan(50)
        .allSatisfy(
            property ->
                assertThat(String.valueOf(property.get("description")))
                    .as("description of %s", property.get("name"))
                    .endsWith("."));
  }

  @Test
  void isToldByThePageOfProperties() throws IOException {
    Path page = Path.of("docs/reference/spring-boot-properties.md");
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve(page))) {
      root = root.getParent();
    }
    String text = Files.readString(root.resolve(page));

    assertThat(properties())
        .filteredOn(property -> String.valueOf(property.get("name")).startsWith(PREFIX))
        .allSatisfy(
            property ->
                assertThat(text)
                    .contains(
                        "| `"
                            + String.valueOf(property.get("name")).substring(PREFIX.length())
                            + "` |"));
  }

  @Test
  void knowsDefaults() throws IOException {
    Map<Object, Object> defaults = new HashMap<>();
    properties().forEach(one -> defaults.put(one.get("name"), one.get("defaultValue")));

    assertThat(defaults)
        .containsEntry("llm.accounting.backend", "auto")
        .containsEntry("llm.accounting.timeout", "30s")
        .containsEntry("llm.accounting.postgres.schema", "llm_accounting")
        .containsEntry("llm.accounting.enabled", true);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> properties() throws IOException {
    try (InputStream in =
        MetadataTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return (List<Map<String, Object>>)
          JsonParserFactory.getJsonParser().parseMap(text).get("properties");
    }
  }
}
