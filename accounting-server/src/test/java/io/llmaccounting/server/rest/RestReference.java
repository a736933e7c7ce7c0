package io.llmaccounting.server.rest;

import io.llmaccounting.server.rest.contract.Contract;
import io.llmaccounting.server.rest.contract.Operation;
import io.llmaccounting.server.rest.contract.Parameter;
import io.llmaccounting.server.rest.contract.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The contract as a page for people. */
final class RestReference {
  private static final String START =
      """
      # REST interface

      <!-- Written by RestReferenceTest; do not edit. -->

      What the server answers at the address that it listens on, [in words](../how-to/use-the-rest-interface.md). The
      contract itself, with examples, is at `/openapi.yaml`, and to be tried at `/docs`. In parentheses stand the roles of
      which a key must have one; with *any project*, a key that has a project may ask it too, and reaches that project alone.
      """;

  private final Contract contract = Contract.load();

  String text() {
    StringBuilder page = new StringBuilder(START);
    Map<String, List<Operation>> chapters = new LinkedHashMap<>();
    contract.operations().stream()
        .sorted(java.util.Comparator.comparing(Operation::path).thenComparing(Operation::method))
        .forEach(one -> chapters.computeIfAbsent(one.tag(), tag -> new ArrayList<>()).add(one));
    chapters.forEach(
        (tag, operations) -> {
          page.append("\n## ").append(title(tag)).append("\n\n");
          operations.forEach(operation -> page.append(line(operation)));
        });
    page.append("\n## Values\n\n");
    contract.names().forEach(name -> page.append(line(name, contract.schema(name))));
    return page.toString();
  }

  private static String title(String tag) {
    return tag.substring(0, 1).toUpperCase(Locale.ROOT) + tag.substring(1);
  }

  private static String line(Operation operation) {
    StringBuilder line =
        new StringBuilder("- `%s %s` ".formatted(operation.method(), operation.path()));
    String roles =
        operation.roles().stream()
            .map(role -> role.name().toLowerCase(Locale.ROOT))
            .sorted()
            .collect(Collectors.joining(", "));
    line.append("(")
        .append(roles)
        .append(operation.forProjects() ? "; any project" : "")
        .append("): ")
        .append(operation.summary())
        .append(". ")
        .append(oneLine(operation.about()));
    List<String> parameters =
        operation.parameters().stream()
            .filter(one -> !one.place().equals("path"))
            .map(RestReference::parameter)
            .toList();
    if (!parameters.isEmpty()) {
      line.append(" Takes ").append(String.join("; ", parameters)).append('.');
    }
    Operation.Body body = operation.body();
    if (body != null) {
      line.append(" Sent: ").append(shape(body.schema())).append('.');
    }
    List<String> answers = new ArrayList<>();
    new TreeSet<>(operation.answers().keySet())
        .forEach(
            status -> {
              Operation.Answered answered = operation.answers().get(status);
              if (status != Operation.OTHERWISE && answered != null) {
                answers.add(
                    status + (answered.schema() == null ? "" : " " + shape(answered.schema())));
              }
            });
    line.append(" Answers ").append(String.join(", ", answers)).append('.');
    return line.toString().replace("  ", " ") + "\n";
  }

  private static String parameter(Parameter one) {
    return "`%s`%s %s"
        .formatted(one.name(), one.required() ? " (required)" : "", oneLine(one.about()))
        .strip();
  }

  private static String oneLine(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.endsWith(".") || line.isEmpty() ? line : line + (line.length() > 80 ? "." : "");
  }

  private static String line(String name, Schema schema) {
    String about = oneLine(String.valueOf(schema.stated().getOrDefault("description", "")));
    String fields =
        schema.properties().entrySet().stream()
            .map(
                field ->
                    "`%s`%s %s"
                        .formatted(
                            field.getKey(),
                            schema.required().contains(field.getKey()) ? "\\*" : "",
                            described(field.getValue()))
                        .strip())
            .collect(Collectors.joining("; "));
    return "- **%s**: %s %s.\n"
        .formatted(name, about, fields)
        .replace("  ", " ")
        .replace("..", ".");
  }

  private static String described(Schema field) {
    Object about = field.ownStated().get("description");
    return shape(field) + (about == null ? "" : ": " + strip(oneLine(about.toString())));
  }

  private static String strip(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  private static String shape(Schema schema) {
    Object ref = schema.ownStated().get("$ref");
    if (ref != null) {
      return String.valueOf(ref).replaceAll(".*/", "");
    }
    Object words = schema.stated().get("enum");
    if (words instanceof List<?> list) {
      return list.stream().map(word -> "`" + word + "`").collect(Collectors.joining(" or "));
    }
    Schema items = schema.items();
    return switch (schema.type()) {
      case "array" -> "list of " + (items == null ? "values" : shape(items));
      case "integer" -> "whole number";
      case "boolean" -> "true or false";
      case "object" ->
          schema.properties().isEmpty()
              ? "object"
              : schema.properties().keySet().stream()
                  .map(name -> "`" + name + "`")
                  .collect(Collectors.joining(", "));
      default ->
          "date-time".equals(schema.stated().get("format"))
              ? "time"
              : "uuid".equals(schema.stated().get("format")) ? "id" : "text";
    };
  }
}
