package io.llmaccounting.server.rest.contract;

/**
 * Something in a request that is not as the contract says.
 *
 * @param field where: the name of a parameter, or a JSON pointer into the body
 * @param expected what would be right
 * @param was what was found, cut where it is long
 */
public record Fault(String field, String expected, String was) {
  private static final int SHOWN = 100;

  static Fault of(String field, String expected, Object was) {
    String text = String.valueOf(was);
    String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    return new Fault(field, expected, was instanceof String ? '"' + cut + '"' : cut);
  }

  static Fault missing(String field) {
    return new Fault(field, "be given", "absent");
  }

  /** One sentence for people. */
  @Override
  public String toString() {
    return "%s must %s, was %s".formatted(field.isEmpty() ? "the body" : field, expected, was);
  }
}
