package io.llmaccounting.limit;

import io.llmaccounting.usage.Saturated;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.validation.Check;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How much a token of each kind weighs for a limit on {@link Metric#WEIGHTED_TOKENS}: thousandths,
 * 0 to 100,000. Exact: what is counted are thousandths of a token, never rounded. Immutable.
 *
 * @param input text input that was neither read from nor written to a cache
 * @param cacheRead input read from a cache
 * @param cacheWrite5m input written to a cache that lives for 5 minutes
 * @param cacheWrite1h input written to a cache that lives for 1 hour
 * @param audioInput audio input
 * @param output output that is neither reasoning nor audio
 * @param reasoning output spent on reasoning
 * @param audioOutput audio output
 */
public record TokenWeights(
    int input,
    int cacheRead,
    int cacheWrite5m,
    int cacheWrite1h,
    int audioInput,
    int output,
    int reasoning,
    int audioOutput) {
  /** How many thousandths one token of weight 1 counts. */
  public static final int THOUSANDTHS = 1_000;

  private static final int DECIMALS = 3;
  private static final int MAX_WEIGHT = 100 * THOUSANDTHS;

  /** Checks every weight. */
  public TokenWeights {
    check("input", input);
    check("cacheRead", cacheRead);
    check("cacheWrite5m", cacheWrite5m);
    check("cacheWrite1h", cacheWrite1h);
    check("audioInput", audioInput);
    check("output", output);
    check("reasoning", reasoning);
    check("audioOutput", audioOutput);
  }

  private static void check(String kind, int weight) {
    Check.range("weight of " + kind + " in thousandths", weight, 0, MAX_WEIGHT);
  }

  /**
   * One weight for all input and one for all output, to start from.
   *
   * @param input a plain decimal from 0 to 100 with at most three decimals, such as {@code "1"}
   * @param output the same for output, such as {@code "4"}
   * @throws IllegalArgumentException if one is no such number
   */
  public static TokenWeights of(String input, String output) {
    int in = thousandths("input", input);
    int out = thousandths("output", output);
    return new TokenWeights(in, in, in, in, in, out, out, out);
  }

  /** Returns a copy with another weight for input read from a cache, such as {@code "0.1"}. */
  public TokenWeights cacheRead(String weight) {
    return with("cache-read", weight);
  }

  /** Returns a copy with another weight for input written to a cache, whatever its lifetime. */
  public TokenWeights cacheWrite(String weight) {
    return with("cache-write", weight);
  }

  /** Returns a copy with another weight for input written to a cache that lives for 1 hour. */
  public TokenWeights cacheWrite1h(String weight) {
    return with("cache-write-1h", weight);
  }

  /** Returns a copy with another weight for audio input. */
  public TokenWeights audioInput(String weight) {
    return with("audio-input", weight);
  }

  /** Returns a copy with another weight for reasoning. */
  public TokenWeights reasoning(String weight) {
    return with("reasoning", weight);
  }

  /** Returns a copy with another weight for audio output. */
  public TokenWeights audioOutput(String weight) {
    return with("audio-output", weight);
  }

  private TokenWeights with(String kind, String text) {
    int weight = thousandths(kind, text);
    return new TokenWeights(
        input,
        kind.equals("cache-read") ? weight : cacheRead,
        kind.equals("cache-write") ? weight : cacheWrite5m,
        kind.startsWith("cache-write") ? weight : cacheWrite1h,
        kind.equals("audio-input") ? weight : audioInput,
        output,
        kind.equals("reasoning") ? weight : reasoning,
        kind.equals("audio-output") ? weight : audioOutput);
  }

  /** What {@code tokens} weigh, in thousandths of a token, at most {@link Long#MAX_VALUE}. */
  public long of(TokenUsage tokens) {
    long in = Saturated.sum(of(tokens.uncachedInput(), input), of(tokens.audioInput(), audioInput));
    in = Saturated.sum(in, of(tokens.cacheRead(), cacheRead));
    in = Saturated.sum(in, of(tokens.cacheWrite5m(), cacheWrite5m));
    in = Saturated.sum(in, of(tokens.cacheWrite1h(), cacheWrite1h));
    long out = Saturated.sum(of(tokens.textOutput(), output), of(tokens.reasoning(), reasoning));
    return Saturated.sum(in, Saturated.sum(out, of(tokens.audioOutput(), audioOutput)));
  }

  private static long of(long tokens, int weight) {
    return weight > 0 && tokens > Long.MAX_VALUE / weight ? Long.MAX_VALUE : tokens * weight;
  }

  /**
   * Reads what {@code toString()} writes: {@code input=1,output=4,cache-read=0.1}. Kinds are input,
   * cache-read, cache-write, cache-write-1h, audio-input, output, reasoning and audio-output; input
   * and output are required, and what else is not named weighs as they do.
   *
   * @throws IllegalArgumentException if {@code text} says no weights
   */
  public static TokenWeights parse(String text) {
    Map<String, String> named = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      String[] sides = part.strip().split("=", -1);
      String kind = sides[0].toLowerCase(Locale.ROOT);
      if (sides.length != 2 || !isKind(kind) || named.put(kind, sides[1]) != null) {
        throw unreadable(text);
      }
    }
    String input = named.remove("input");
    String output = named.remove("output");
    if (input == null || output == null) {
      throw unreadable(text);
    }
    TokenWeights weights = of(input, output);
    // both lifetimes before the longer one
    String cacheWrite = named.remove("cache-write");
    weights = cacheWrite == null ? weights : weights.cacheWrite(cacheWrite);
    for (Map.Entry<String, String> one : named.entrySet()) {
      weights = weights.with(one.getKey(), one.getValue());
    }
    return weights;
  }

  private static boolean isKind(String word) {
    return switch (word) {
      case "input", "cache-read", "cache-write", "cache-write-1h", "audio-input" -> true;
      case "output", "reasoning", "audio-output" -> true;
      default -> false;
    };
  }

  private static IllegalArgumentException unreadable(String text) {
    return new IllegalArgumentException(
        "weights must be like \"input=1,output=4,cache-read=0.1\", of input, cache-read,"
            + " cache-write, cache-write-1h, audio-input, output, reasoning and audio-output, were"
            + " \""
            + text
            + "\"");
  }

  private static int thousandths(String kind, String text) {
    try {
      BigDecimal weight = new BigDecimal(text);
      if (Math.abs((long) weight.scale()) > MAX_WEIGHT) {
        throw new ArithmeticException("far from any weight");
      }
      return weight.setScale(DECIMALS, RoundingMode.UNNECESSARY).unscaledValue().intValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "weight of %s must be a decimal number from 0 to 100 with at most three decimals, was \"%s\""
              .formatted(kind, text),
          e);
    }
  }

  /**
   * Writes the weights as {@link #parse} reads them; kinds that weigh as much as input or output
   * are left out.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("input=").append(text(input)).append(",output=").append(text(output));
    append(text, "cache-read", cacheRead, input);
    append(text, "cache-write", cacheWrite5m, input);
    append(text, "cache-write-1h", cacheWrite1h, cacheWrite5m);
    append(text, "audio-input", audioInput, input);
    append(text, "reasoning", reasoning, output);
    append(text, "audio-output", audioOutput, output);
    return text.toString();
  }

  private static void append(StringBuilder text, String kind, int weight, int unless) {
    if (weight != unless) {
      text.append(',').append(kind).append('=').append(text(weight));
    }
  }

  private static String text(long thousandths) {
    return tokens(thousandths).toPlainString();
  }

  /**
   * Converts thousandths to tokens of weight 1, exactly and with as few decimals as possible.
   *
   * @param thousandths what a limit on WEIGHTED_TOKENS counts
   */
  public static BigDecimal tokens(long thousandths) {
    BigDecimal exact = BigDecimal.valueOf(thousandths, DECIMALS).stripTrailingZeros();
    return exact.scale() < 0 ? exact.setScale(0) : exact;
  }
}
