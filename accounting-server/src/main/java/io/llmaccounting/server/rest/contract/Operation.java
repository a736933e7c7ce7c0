package io.llmaccounting.server.rest.contract;

import io.llmaccounting.access.AccessRole;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that can be asked.
 *
 * @param id its name
 * @param method the HTTP method
 * @param path the path, with parameters in braces
 * @param summary what it does, in a few words
 * @param about more of it
 * @param tag the chapter that it belongs to
 * @param roles those of which a key must have one; none where no key is needed
 * @param forProjects whether keys that are confined to a project may ask it
 * @param parameters all of them
 * @param body what it is asked with, or null
 * @param answers what is answered, by status
 */
public record Operation(
    String id,
    String method,
    String path,
    String summary,
    String about,
    String tag,
    Set<AccessRole> roles,
    boolean forProjects,
    List<Parameter> parameters,
    @Nullable Body body,
    Map<Integer, Answered> answers) {

  /** The status under which all others stand. */
  public static final int OTHERWISE = 0;

  /** Copies the collections. */
  public Operation {
    roles = Set.copyOf(roles);
    parameters = List.copyOf(parameters);
    answers = Map.copyOf(answers);
  }

  /**
   * A body.
   *
   * @param schema what it must be
   * @param required whether it must be there
   * @param each the list whose entries are checked one by one by whoever handles it, or null
   * @param examples examples by name
   */
  public record Body(
      Schema schema, boolean required, @Nullable String each, Map<String, Object> examples) {}

  /**
   * An answer.
   *
   * @param type its media type; empty where it has no body
   * @param schema what its body is, or null where it is no JSON
   * @param about when it is given
   * @param examples examples by name
   */
  public record Answered(
      String type, @Nullable Schema schema, String about, Map<String, Object> examples) {}

  /** The parameter of this name and place. */
  public Optional<Parameter> parameter(String name, String place) {
    return parameters.stream()
        .filter(one -> one.name().equals(name) && one.place().equals(place))
        .findFirst();
  }

  /** What is answered with this status, or null where the contract does not know it. */
  public @Nullable Answered answered(int status) {
    return answers.getOrDefault(status, answers.get(OTHERWISE));
  }
}
