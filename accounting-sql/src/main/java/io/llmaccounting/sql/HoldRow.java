package io.llmaccounting.sql;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.HoldRecord;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A hold as a row: all columns of quota_hold in their order. */
public final class HoldRow {
  /** All columns. */
  public static final String COLUMNS =
      "id, model, provider, project, user_name, caller, session, tags, admitted_at, expires_at,"
          + " lives_micros, amounts";

  private static final byte FORM = 1;
  private static final int BYTES_OF_FIXED_PARTS = 3 * Long.BYTES + Short.BYTES;

  private HoldRow() {}

  /** The hold that {@code row} stands on, selected as {@link #COLUMNS}. */
  public static HoldRecord read(ResultSet row, Dialect dialect) throws SQLException {
    Columns from = new Columns(row, dialect);
    return new HoldRecord(
        from.id(),
        from.text(),
        from.optionalText(),
        from.attribution(),
        from.instant(),
        from.instant(),
        from.number(),
        amounts(from.bytes()));
  }

  /** Binds all columns. */
  static void bind(HoldRecord hold, Parameters to) throws SQLException {
    to.id(hold.id())
        .text(hold.model())
        .text(hold.provider())
        .attribution(hold.attribution())
        .instant(hold.admittedAt())
        .instant(hold.expiresAt())
        .number(hold.livesMicros())
        .bytes(bytes(hold.amounts()));
  }

  static byte[] bytes(List<HoldRecord.Amount> amounts) {
    List<byte[]> subjects = new ArrayList<>(amounts.size());
    int size = 1;
    for (HoldRecord.Amount amount : amounts) {
      byte[] subject = amount.counter().subject().getBytes(StandardCharsets.UTF_8);
      subjects.add(subject);
      size += BYTES_OF_FIXED_PARTS + subject.length;
    }
    ByteBuffer bytes = ByteBuffer.allocate(size).put(FORM);
    for (int i = 0; i < subjects.size(); i++) {
      HoldRecord.Amount amount = amounts.get(i);
      bytes
          .putLong(amount.counter().limitId())
          .putLong(amount.amount())
          .putLong(amount.leaves())
          .putShort((short) subjects.get(i).length)
          .put(subjects.get(i));
    }
    return bytes.array();
  }

  static List<HoldRecord.Amount> amounts(byte[] stored) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(stored);
      byte form = bytes.get();
      if (form != FORM) {
        throw Damage.of("amounts of a hold must be of form 1, were of form " + form);
      }
      List<HoldRecord.Amount> amounts = new ArrayList<>();
      while (bytes.hasRemaining()) {
        long limitId = bytes.getLong();
        long amount = bytes.getLong();
        long leaves = bytes.getLong();
        byte[] subject = new byte[bytes.getShort()];
        bytes.get(subject);
        CounterKey key = new CounterKey(limitId, new String(subject, StandardCharsets.UTF_8));
        amounts.add(new HoldRecord.Amount(key, amount, leaves));
      }
      return amounts;
    } catch (BufferUnderflowException e) {
      throw Damage.of("amounts of a hold end too early", e);
    }
  }
}
