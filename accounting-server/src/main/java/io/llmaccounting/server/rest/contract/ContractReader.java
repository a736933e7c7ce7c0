package io.llmaccounting.server.rest.contract;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.server.rest.contract.Operation.Answered;
import io.llmaccounting.server.rest.contract.Operation.Body;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads openapi.yaml. For one reading. */
final class ContractReader {
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "patch", "head", "options");
  private static final String JSON = "application/json";

  private final Keywords document;
  private final Schemas schemas = new Schemas();

  ContractReader(String yaml) {
    this.document =
        Keywords.of(
            new Load(LoadSettings.builder().setLabel("openapi.yaml").build()).loadFromString(yaml));
    Keywords all = document.object("components").object("schemas");
    all.all().keySet().forEach(name -> schemas.add(name, all.object(name)));
  }

  Schemas schemas() {
    return schemas;
  }

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    Keywords paths = document.object("paths");
    for (String path : paths.all().keySet()) {
      Keywords item = paths.object(path);
      for (String method : item.all().keySet()) {
        if (METHODS.contains(method)) {
          operations.add(operation(path, method, item.object(method)));
        }
      }
    }
    return operations;
  }

  private Operation operation(String path, String method, Keywords from) {
    List<Parameter> parameters = new ArrayList<>();
    from.list("parameters").forEach(one -> parameters.add(parameter(resolved(Keywords.of(one)))));
    Map<Integer, Answered> answers = new LinkedHashMap<>();
    Keywords responses = from.object("responses");
    responses
        .all()
        .keySet()
        .forEach(
            status ->
                answers.put(
                    status.equals("default") ? Operation.OTHERWISE : Integer.parseInt(status),
                    answer(resolved(responses.object(status)))));
    return new Operation(
        from.required("operationId"),
        method.toUpperCase(Locale.ROOT),
        path,
        from.required("summary"),
        Objects.requireNonNullElse(from.text("description"), ""),
        from.texts("tags").get(0),
        roles(from),
        from.flag("x-for-projects"),
        parameters,
        from.has("requestBody") ? body(from.object("requestBody")) : null,
        answers);
  }

  private static Set<AccessRole> roles(Keywords from) {
    Set<AccessRole> roles = EnumSet.noneOf(AccessRole.class);
    for (Object alternative : from.list("security")) {
      Keywords.of(alternative)
          .texts("key")
          .forEach(role -> roles.add(AccessRole.valueOf(role.toUpperCase(Locale.ROOT))));
    }
    return roles;
  }

  private Parameter parameter(Keywords from) {
    return new Parameter(
        from.required("name"),
        from.required("in"),
        from.flag("required"),
        new Schema(from.object("schema"), schemas),
        Objects.requireNonNullElse(from.text("description"), ""));
  }

  private Body body(Keywords from) {
    Keywords json = from.object("content").object(JSON);
    return new Body(
        new Schema(json.object("schema"), schemas),
        from.flag("required"),
        from.text("x-each"),
        examples(json));
  }

  private Answered answer(Keywords from) {
    String about = Objects.requireNonNullElse(from.text("description"), "");
    Keywords content = from.object("content");
    if (content.all().isEmpty()) {
      return new Answered("", null, about, Map.of());
    }
    String type = content.all().keySet().iterator().next();
    Keywords media = content.object(type);
    return new Answered(
        type,
        type.equals(JSON) || type.endsWith("+json")
            ? new Schema(media.object("schema"), schemas)
            : null,
        about,
        examples(media));
  }

  private static Map<String, Object> examples(Keywords media) {
    Map<String, Object> examples = new LinkedHashMap<>();
    Keywords named = media.object("examples");
    for (String name : named.all().keySet()) {
      examples.put(name, Objects.requireNonNull(named.object(name).all().get("value"), name));
    }
    return examples;
  }

  private Keywords resolved(Keywords from) {
    String ref = from.text("$ref");
    if (ref == null) {
      return from;
    }
    Keywords found = document;
    for (String name : ref.substring(2).split("/", -1)) {
      found = found.object(name);
    }
    return found;
  }
}
