package io.llmaccounting.server.log;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes out of a text whatever looks like a secret: keys of providers and of ours, bearer tokens,
 * values of parameters and headers that hold secrets, passwords in URLs. Stateless.
 */
public final class Masks {
  private static final String MASK = "***";
  private static final List<Mask> ALL =
      List.of(
          new Mask("(?i)\\b(bearer|basic)\\s+[^\\s\"',;]+", "$1 " + MASK),
          new Mask("\\b(sk|pk|rk|gsk|xai|hf|fk|r8)([-_])[A-Za-z0-9_-]{6,}", "$1$2" + MASK),
          new Mask("\\bAIza[0-9A-Za-z_-]{6,}", "AIza" + MASK),
          new Mask("\\b(AKIA|ASIA)[0-9A-Z]{12,}", "$1" + MASK),
          new Mask("\\beyJ[A-Za-z0-9_-]{10,}(\\.[A-Za-z0-9_-]+){1,2}", "eyJ" + MASK),
          new Mask(
              "(?i)([a-z0-9_-]*(?:key|token|password|passwd|secret|authorization|credential))"
                  + "([\"']?\\s*[=:]\\s*[\"']?)(?!\\*\\*\\*)[^\\s&\"',;)}\\]]+",
              "$1$2" + MASK),
          new Mask("(://)[^/\\s:@]*:[^/\\s@]*@", "$1" + MASK + "@"));

  private record Mask(Pattern pattern, String instead) {
    Mask(String pattern, String instead) {
      this(Pattern.compile(pattern), instead);
    }
  }

  private Masks() {}

  /** The text without what looks like a secret. */
  public static String of(String text) {
    String masked = text;
    for (Mask mask : ALL) {
      masked = mask.pattern().matcher(masked).replaceAll(mask.instead());
    }
    return masked;
  }
}
