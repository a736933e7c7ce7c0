package io.llmaccounting.server.rest.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Tells one state of a thing from another.
 *
 * @param text what stands in the header {@code ETag}
 */
public record EntityTag(String text) {
  private static final int BYTES = 16;

  /** The tag of what is written. */
  public static EntityTag of(Answer.Fields written) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Answer.bytes(written).getBytes());
      return new EntityTag('"' + HexFormat.of().formatHex(Arrays.copyOf(digest, BYTES)) + '"');
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java lacks SHA-256", e);
    }
  }

  /**
   * What the caller knows of the thing.
   *
   * @throws ProblemException if the request does not say it
   */
  public static String required(Asked asked) {
    String given = asked.ifMatch();
    if (given == null) {
      throw new ProblemException(
          Problem.Code.IF_MATCH_NEEDED,
          "send the ETag that you know as If-Match, so that no change of others is lost");
    }
    return given;
  }

  /**
   * Requires that the thing is as the caller knows it.
   *
   * @param given tags with commas, or {@code *} for any
   * @throws ProblemException if it is not
   */
  public void requireIn(String given) {
    boolean known =
        Arrays.stream(given.split(",", -1))
            .map(String::strip)
            .anyMatch(one -> one.equals("*") || one.equals(text));
    if (!known) {
      throw new ProblemException(
          Problem.Code.CHANGED_MEANWHILE,
          "it is not what If-Match says any more; read it again, and change that");
    }
  }
}
