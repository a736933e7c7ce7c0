package io.llmaccounting.sinks;

import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver learns of who made a call. Immutable.
 *
 * <p>Where users are hashed or dropped, sessions, error messages and what the provider said are
 * dropped too, because they may name them.
 */
public final class Redaction {
  private static final Redaction NONE = new Redaction(Users.KEEP, null, null);
  private static final int SHOWN_BYTES = 16;
  private static final String HMAC = "HmacSHA256";

  private final Users users;
  private final @Nullable SecretKeySpec key;
  private final @Nullable Set<String> tags;

  private enum Users {
    KEEP,
    HASH,
    DROP
  }

  private Redaction(Users users, @Nullable SecretKeySpec key, @Nullable Set<String> tags) {
    this.users = users;
    this.key = key;
    this.tags = tags;
  }

  /** The receiver learns everything. */
  public static Redaction none() {
    return NONE;
  }

  /** Leaves users out. */
  public Redaction withoutUsers() {
    return new Redaction(Users.DROP, null, tags);
  }

  /**
   * Replaces each user by a keyed hash: the same user is the same text, and nobody without the key
   * can tell which, or try names.
   *
   * @param secret at least 16 characters
   */
  public Redaction hashingUsers(String secret) {
    if (secret.length() < SHOWN_BYTES) {
      throw new IllegalArgumentException(
          "the secret that users are hashed with must have 16 characters or more, had "
              + secret.length());
    }
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    return new Redaction(Users.HASH, new SecretKeySpec(bytes, HMAC), tags);
  }

  /** Keeps tags of these names only. */
  public Redaction keepingTags(Set<String> names) {
    return new Redaction(users, key, Set.copyOf(names));
  }

  OutboxItem of(OutboxItem item) {
    if (users == Users.KEEP && tags == null) {
      return item;
    }
    RecordedUsage record = item.record();
    Usage usage = record.usage();
    Attribution who = usage.attribution();
    Usage redacted = usage.withAttribution(attribution(who));
    return new OutboxItem(
        new RecordedUsage(
            users == Users.KEEP ? redacted : withoutTexts(redacted),
            record.chargedAt(),
            record.settledAt(),
            record.late(),
            record.adjustment(),
            record.figures()),
        item.revision());
  }

  private Attribution attribution(Attribution who) {
    Map<String, String> kept = new TreeMap<>(who.tags());
    if (tags != null) {
      kept.keySet().retainAll(tags);
    }
    if (users != Users.KEEP) {
      kept.values().removeIf(value -> value.equals(who.user()));
    }
    return new Attribution(
        who.project(),
        user(who.user()),
        who.caller(),
        users == Users.KEEP ? who.session() : null,
        kept);
  }

  private @Nullable String user(@Nullable String user) {
    if (user == null || users == Users.DROP) {
      return null;
    }
    return users == Users.KEEP ? user : hash(user);
  }

  private String hash(String user) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(Objects.requireNonNull(key));
      byte[] hash = mac.doFinal(user.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, SHOWN_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }

  private static Usage withoutTexts(Usage usage) {
    CallDetails details = usage.details();
    return new Usage(
        usage.id(),
        usage.key(),
        usage.occurredAt(),
        usage.model(),
        usage.responseModel(),
        usage.provider(),
        usage.operation(),
        usage.tokens(),
        usage.source(),
        usage.localInputTokens(),
        usage.localOutputTokens(),
        usage.extras(),
        usage.parts(),
        usage.givenCost(),
        usage.reportedCost(),
        usage.computedCost(),
        usage.costPolicy(),
        usage.outcome(),
        new CallDetails(
            details.latency(),
            details.timeToFirstToken(),
            details.streamed(),
            details.finishReason(),
            details.responseId(),
            details.attempts(),
            details.errorType(),
            null,
            details.serviceTier(),
            details.speed(),
            details.batch(),
            details.region(),
            null,
            details.asked()),
        usage.attribution());
  }
}
