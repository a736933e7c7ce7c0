package io.llmaccounting.server.rest.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What can be asked and how, as openapi.yaml says. Immutable, safe for use by many threads. */
public final class Contract {
  private static final String FILE = "/io/llmaccounting/server/rest/openapi.yaml";

  private final String text;
  private final Schemas schemas;
  private final List<Route> routes;

  private record Route(PathTemplate path, Operation operation) {}

  /**
   * What a request asks.
   *
   * @param operation the operation
   * @param values what stands in its path, still encoded, by name
   */
  public record Found(Operation operation, Map<String, String> values) {}

  private Contract(String text, Schemas schemas, List<Operation> operations) {
    this.text = text;
    this.schemas = schemas;
    this.routes =
        operations.stream()
            .map(operation -> new Route(new PathTemplate(operation.path()), operation))
            .sorted(Comparator.comparingInt(route -> route.path().open()))
            .toList();
  }

  /** Reads the contract that comes with the server. */
  public static Contract load() {
    try (InputStream in = Contract.class.getResourceAsStream(FILE)) {
      String text =
          new String(
              Objects.requireNonNull(in, "the contract is missing in this jar").readAllBytes(),
              StandardCharsets.UTF_8);
      ContractReader reader = new ContractReader(text);
      return new Contract(text, reader.schemas(), reader.operations());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The contract as it was written, in YAML. */
  public String text() {
    return text;
  }

  /** All operations. */
  public List<Operation> operations() {
    return routes.stream().map(Route::operation).toList();
  }

  /** The names of all schemas, in their order. */
  public List<String> names() {
    return schemas.names();
  }

  /** The schema of this name. */
  public Schema schema(String name) {
    return schemas.named(name);
  }

  /** What a request of this method and path asks, where the contract knows it. */
  public Optional<Found> find(String method, String rawPath) {
    for (Route route : routes) {
      Optional<Map<String, String>> values = route.path().match(rawPath);
      if (values.isPresent() && route.operation().method().equals(method)) {
        return Optional.of(new Found(route.operation(), values.get()));
      }
    }
    return Optional.empty();
  }

  /** The methods that a path has; none where the contract does not know it. */
  public Set<String> methods(String rawPath) {
    Set<String> methods = new TreeSet<>();
    for (Route route : routes) {
      if (route.path().match(rawPath).isPresent()) {
        methods.add(route.operation().method());
      }
    }
    return methods;
  }
}
