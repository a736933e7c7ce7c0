package io.llmaccounting.sql;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.usage.Cost;
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

  // the first two forms were written by older versions: such holds may be live when the library is
  // replaced
  private static final byte FORM_WITHOUT_EXPECTATION = 1;
  private static final byte FORM_WITHOUT_ASKED = 2;
  private static final byte FORM = 3;
  private static final byte FORM_OF_LEASE = 4;
  private static final long UNKNOWN_COST = -1;
  private static final int BYTES_OF_EXPECTATION = 3 * Long.BYTES;
  private static final int BYTES_OF_LEASE = 2 * Long.BYTES;
  private static final int BYTES_OF_FIXED_PARTS = 3 * Long.BYTES + Short.BYTES;

  private static final HoldRecord.Expected NOTHING = new HoldRecord.Expected(0, 0, null);

  private HoldRow() {}

  /** The hold that {@code row} stands on, selected as {@link #COLUMNS}. */
  public static HoldRecord read(ResultSet row, SqlDialect dialect) throws SQLException {
    Columns from = new Columns(row, dialect);
    HoldRecord bare =
        new HoldRecord(
            from.id(),
            from.text(),
            from.optionalText(),
            from.attribution(),
            from.instant(),
            from.instant(),
            from.number(),
            NOTHING,
            List.of());
    return withAmounts(bare, from.bytes());
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
        .bytes(bytes(hold));
  }

  static byte[] bytes(HoldRecord hold) {
    List<byte[]> subjects = new ArrayList<>(hold.amounts().size());
    byte[] asked = AskedBytes.write(hold.asked());
    HoldRecord.Lease lease = hold.lease();
    int size = 1 + BYTES_OF_EXPECTATION + asked.length + (lease == null ? 0 : BYTES_OF_LEASE);
    for (HoldRecord.Amount amount : hold.amounts()) {
      byte[] subject = amount.counter().subject().getBytes(StandardCharsets.UTF_8);
      subjects.add(subject);
      size += BYTES_OF_FIXED_PARTS + subject.length;
    }
    HoldRecord.Expected expected = hold.expected();
    Cost cost = expected.cost();
    ByteBuffer bytes =
        ByteBuffer.allocate(size)
            .put(lease == null ? FORM : FORM_OF_LEASE)
            .putLong(expected.inputTokens())
            .putLong(expected.outputTokens())
            .putLong(cost == null ? UNKNOWN_COST : cost.nanos())
            .put(asked);
    if (lease != null) {
      bytes.putLong(lease.sequence()).putLong(lease.granted());
    }
    for (int i = 0; i < subjects.size(); i++) {
      HoldRecord.Amount amount = hold.amounts().get(i);
      bytes
          .putLong(amount.counter().limitId())
          .putLong(amount.amount())
          .putLong(amount.leaves())
          .putShort((short) subjects.get(i).length)
          .put(subjects.get(i));
    }
    return bytes.array();
  }

  static HoldRecord withAmounts(HoldRecord bare, byte[] stored) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(stored);
      byte form = bytes.get();
      if (form > FORM_OF_LEASE || form < FORM_WITHOUT_EXPECTATION) {
        throw Damage.of("amounts of a hold must be of form 1 to 4, were of form " + form);
      }
      HoldRecord.Expected expected = form > FORM_WITHOUT_EXPECTATION ? expected(bytes) : NOTHING;
      HoldRecord.Asked asked =
          form > FORM_WITHOUT_ASKED ? AskedBytes.read(bytes) : HoldRecord.Asked.NOTHING;
      HoldRecord.Lease lease =
          form == FORM_OF_LEASE ? new HoldRecord.Lease(bytes.getLong(), bytes.getLong()) : null;
      List<HoldRecord.Amount> amounts = new ArrayList<>();
      while (bytes.hasRemaining()) {
        amounts.add(amount(bytes));
      }
      return bare.holding(expected, amounts).asking(asked).leasing(lease);
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw Damage.of("amounts of a hold end too early", e);
    }
  }

  private static HoldRecord.Expected expected(ByteBuffer bytes) {
    long input = bytes.getLong();
    long output = bytes.getLong();
    long cost = bytes.getLong();
    return new HoldRecord.Expected(input, output, cost == UNKNOWN_COST ? null : Cost.ofNanos(cost));
  }

  private static HoldRecord.Amount amount(ByteBuffer bytes) {
    long limitId = bytes.getLong();
    long amount = bytes.getLong();
    long leaves = bytes.getLong();
    byte[] subject = new byte[bytes.getShort()];
    bytes.get(subject);
    CounterKey key = new CounterKey(limitId, new String(subject, StandardCharsets.UTF_8));
    return new HoldRecord.Amount(key, amount, leaves);
  }
}
