package io.llmaccounting.sql;

import java.util.UUID;
import org.jooq.DataType;
import org.jooq.Record;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;

/** A table as we declare it by hand: its columns in the order of the migrated schema. */
public abstract class StoreTable extends TableImpl<Record> {
  private static final long serialVersionUID = 1L;
  private static final DataType<UUID> ID = SQLDataType.UUID.asConvertedDataType(new IdBinding());

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

  final TableField<Record, Boolean> flag(String name) {
    return createField(DSL.name(name), SQLDataType.BOOLEAN, this);
  }

  final TableField<Record, byte[]> bytes(String name) {
    return createField(DSL.name(name), SQLDataType.VARBINARY, this);
  }
}
