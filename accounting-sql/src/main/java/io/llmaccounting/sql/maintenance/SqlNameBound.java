package io.llmaccounting.sql.maintenance;

import io.llmaccounting.backend.NameBound;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.StoreSettings;

/** The bound as a setting of the store. Safe for use by many threads. */
record SqlNameBound(Connections connections) implements NameBound {
  @Override
  public long most() {
    return connections.read(StoreSettings.NAMES_PER_DAY::read);
  }

  @Override
  public void change(long most) {
    if (most < 1) {
      throw new IllegalArgumentException("names per day must be at least 1, was " + most);
    }
    connections.write(
        session -> {
          StoreSettings.keepLedgersOut(session);
          StoreSettings.NAMES_PER_DAY.add(
              session, most - StoreSettings.NAMES_PER_DAY.read(session));
          return StoreSettings.NAMES_REVISION.next(session);
        });
  }
}
