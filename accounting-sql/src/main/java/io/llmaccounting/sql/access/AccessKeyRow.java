package io.llmaccounting.sql.access;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessRole;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.FormerDigest;
import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.sql.AccessKeyTable;
import io.llmaccounting.sql.Damage;
import io.llmaccounting.sql.FlatJson;
import io.llmaccounting.sql.Micros;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A key as a row. */
final class AccessKeyRow {
  private static final AccessKeyTable KEY = AccessKeyTable.ACCESS_KEY;

  private AccessKeyRow() {}

  /** All columns but that of the last use. */
  static Map<Field<?>, @Nullable Object> columns(AccessKey key) {
    FormerDigest former = key.former();
    AccessTerms terms = key.terms();
    Map<Field<?>, @Nullable Object> columns = new HashMap<>();
    columns.put(KEY.id, key.id());
    columns.put(KEY.digest, key.digest());
    columns.put(KEY.formerDigest, former == null ? null : former.digest());
    columns.put(KEY.formerUntil, former == null ? null : Micros.of(former.validUntil()));
    columns.put(KEY.hint, key.hint());
    columns.put(KEY.name, terms.name());
    columns.put(KEY.project, terms.project());
    columns.put(KEY.user, terms.user());
    columns.put(KEY.tags, FlatJson.write(terms.tags()));
    columns.put(KEY.models, JsonNames.write(terms.models()));
    columns.put(KEY.providers, JsonNames.write(terms.providers()));
    columns.put(KEY.roles, terms.roles().stream().map(Enum::name).collect(Collectors.joining(",")));
    columns.put(KEY.createdAt, Micros.of(key.createdAt()));
    columns.put(KEY.expiresAt, micros(terms.expiresAt()));
    columns.put(KEY.revokedAt, micros(key.revokedAt()));
    return columns;
  }

  static AccessKey key(Record row) {
    try {
      return new AccessKey(
          present(row, KEY.id),
          terms(row),
          present(row, KEY.digest),
          former(row),
          present(row, KEY.hint),
          Micros.instant(present(row, KEY.createdAt)),
          instant(row.get(KEY.revokedAt)),
          instant(row.get(KEY.lastUsedAt)));
    } catch (IllegalArgumentException e) {
      throw Damage.of("a stored key is none: " + e.getMessage(), e);
    }
  }

  private static AccessTerms terms(Record row) {
    return new AccessTerms(
        present(row, KEY.name),
        row.get(KEY.project),
        row.get(KEY.user),
        FlatJson.texts(row.get(KEY.tags)),
        JsonNames.read(row.get(KEY.models)),
        JsonNames.read(row.get(KEY.providers)),
        roles(present(row, KEY.roles)),
        instant(row.get(KEY.expiresAt)));
  }

  private static Set<AccessRole> roles(String names) {
    return Arrays.stream(names.split(",", -1))
        .map(AccessRole::valueOf)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(AccessRole.class)));
  }

  private static @Nullable FormerDigest former(Record row) {
    String digest = row.get(KEY.formerDigest);
    return digest == null
        ? null
        : new FormerDigest(digest, Micros.instant(present(row, KEY.formerUntil)));
  }

  private static <T> T present(Record row, Field<T> column) {
    return Objects.requireNonNull(row.get(column), column.getName());
  }

  static @Nullable Long micros(@Nullable Instant instant) {
    return instant == null ? null : Micros.of(instant);
  }

  private static @Nullable Instant instant(@Nullable Long micros) {
    return micros == null ? null : Micros.instant(micros);
  }
}
