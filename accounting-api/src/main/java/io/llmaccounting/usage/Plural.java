package io.llmaccounting.usage;

/** Writes counts with their noun, for messages: {@code 1 call}, {@code 2 calls}. Pure. */
public final class Plural {
  private Plural() {}

  /** {@code 1 call} or {@code 2 calls} of {@code call}; for English words with a regular plural. */
  public static String of(long count, String one) {
    return count + " " + noun(count, one);
  }

  /**
   * The noun in the form that the count needs: {@code call} or {@code calls}, {@code entry} or
   * {@code entries}, {@code key} or {@code keys}, {@code process} or {@code processes}.
   */
  public static String noun(long count, String one) {
    if (count == 1) {
      return one;
    }
    if (one.matches(".*[^aeiou]y")) {
      return one.substring(0, one.length() - 1) + "ies";
    }
    return one + (one.endsWith("s") ? "es" : "s");
  }

  /**
   * {@code ofOne} for one and {@code ofMany} for all other counts, such as {@code was}, {@code
   * were}.
   */
  public static String verb(long count, String ofOne, String ofMany) {
    return count == 1 ? ofOne : ofMany;
  }
}
