package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.DataType;
import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;
import io.llmaccounting.shaded.jooq.impl.DSL;
import io.llmaccounting.shaded.jooq.impl.SQLDataType;
import io.llmaccounting.shaded.jooq.impl.TableImpl;
import java.util.UUID;

/** A table as we declare it by hand: its columns in the order of the migrated schema. */
public abstract class StoreTable extends TableImpl<Record> {
  private static final long serialVersionUID = 1L;
  private static final DataType<UUID> ID = SQLDataType.UUID.asConvertedDataType(new IdBinding());

  private static final DataType<String> JSON =
      SQLDataType.VARCHAR.asConvertedDataType(new JsonBinding());

  StoreTable(String name) {
    super(DSL.name(name));
  }

  final TableField<Record, UUID> id(String name) {
    return createField(DSL.name(name), ID, this);
  }

  final TableField<Record, Long> number(String name) {
    return createField(DSL.name(name), SQLDataType.BIGINT, this);
  }

  final TableField<Record, String> text(String name) {
    return createField(DSL.name(name), SQLDataType.VARCHAR, this);
  }

  final TableField<Record, String> json(String name) {
    return createField(DSL.name(name), JSON, this);
  }

  final TableField<Record, Boolean> flag(String name) {
    return createField(DSL.name(name), SQLDataType.BOOLEAN, this);
  }

  final TableField<Record, byte[]> bytes(String name) {
    return createField(DSL.name(name), SQLDataType.VARBINARY, this);
  }
}
