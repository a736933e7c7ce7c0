package io.llmaccounting.server.rest.http;

import io.llmaccounting.cli.console.Near;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.JsonLine;
import io.llmaccounting.server.rest.contract.Contract;
import io.llmaccounting.server.rest.contract.Fault;
import io.llmaccounting.server.rest.contract.Operation;
import io.llmaccounting.server.rest.contract.Parameter;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads requests, and says all that is wrong with one. */
public final class RequestReading {
  private RequestReading() {}

  /**
   * What a request brings.
   *
   * @param path what stands in its path
   * @param query what stands in its query and in headers that the contract names
   */
  public record Parameters(JsonFields path, JsonFields query) {}

  /**
   * Reads the parameters.
   *
   * @throws ProblemException if something is not as the contract says
   */
  public static Parameters parameters(
      Contract.Found found, @Nullable String rawQuery, MultiMap headers) {
    List<Fault> faults = new ArrayList<>();
    Operation operation = found.operation();
    Map<String, List<String>> path = new LinkedHashMap<>();
    found
        .values()
        .forEach(
            (name, raw) -> {
              Optional<String> text = QueryText.segment(raw);
              text.ifPresentOrElse(
                  one -> path.put(name, List.of(one)),
                  () -> faults.add(new Fault(name, "be percent-encoded UTF-8", raw)));
            });
    Map<String, List<String>> query = QueryText.parameters(rawQuery, faults);
    List<String> known = names(operation, "query");
    query.keySet().stream()
        .filter(name -> !known.contains(name))
        .forEach(
            name ->
                faults.add(
                    new Fault(
                        name, ("be left out. " + Near.question(name, known)).strip(), "given")));
    names(operation, "header").stream()
        .filter(headers::contains)
        .forEach(name -> query.put(name, headers.getAll(name)));
    Map<String, Object> inPath = read(operation, List.of("path"), path, faults);
    Map<String, Object> inQuery = read(operation, List.of("query", "header"), query, faults);
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.of(faults));
    }
    return new Parameters(JsonFields.of(inPath), JsonFields.of(inQuery));
  }

  private static List<String> names(Operation operation, String place) {
    return operation.parameters().stream()
        .filter(one -> one.place().equals(place))
        .map(Parameter::name)
        .toList();
  }

  private static Map<String, Object> read(
      Operation operation,
      List<String> places,
      Map<String, List<String>> given,
      List<Fault> faults) {
    Map<String, Object> read = new LinkedHashMap<>();
    for (Parameter parameter : operation.parameters()) {
      List<String> texts = given.get(parameter.name());
      if (!places.contains(parameter.place())) {
        continue;
      }
      if (texts != null) {
        Object value = parameter.read(texts, faults);
        if (value != null) {
          read.put(parameter.name(), value);
        }
      } else if (parameter.required()) {
        faults.add(new Fault(parameter.name(), "be given", "absent"));
      }
    }
    return read;
  }

  /**
   * Reads the body.
   *
   * @throws ProblemException if it is not as the contract says
   */
  public static JsonFields body(Operation operation, @Nullable String type, byte[] bytes) {
    Operation.Body body = operation.body();
    if (body == null) {
      if (bytes.length > 0) {
        throw ProblemException.invalid("", "be left out", bytes.length + " bytes");
      }
      return JsonFields.of(Map.of());
    }
    if (bytes.length == 0) {
      if (body.required()) {
        throw ProblemException.invalid("", "be given", "absent");
      }
      return JsonFields.of(Map.of());
    }
    requireJson(type);
    JsonLine read = JsonLine.of(1, bytes);
    JsonFields fields = read.fields();
    if (fields == null) {
      throw new ProblemException(
          Problem.Code.UNREADABLE_BODY,
          String.valueOf(read.problem()).replace("a line", "the body"));
    }
    List<Fault> faults = body.schema().check(fields.values(), "");
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.of(faults));
    }
    return fields;
  }

  private static void requireJson(@Nullable String type) {
    String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!media.equals("application/json")) {
      throw new ProblemException(
          Problem.Code.WRONG_MEDIA_TYPE,
          "send application/json, was " + (type == null ? "absent" : '"' + media + '"'));
    }
  }
}
