package io.llmaccounting.server.rest.reach;

import io.llmaccounting.admin.AccountingAdmin;
import io.llmaccounting.admin.RecountStep;
import io.llmaccounting.admin.Verification;
import io.llmaccounting.retention.Erasure;
import java.util.function.Consumer;

/** What a key reaches of the tasks of operators: all of them, or none. Thread-safe. */
public final class AdminReach {
  private final AccountingAdmin admin;
  private final Confinement confinement;

  AdminReach(AccountingAdmin admin, Confinement confinement) {
    this.admin = admin;
    this.confinement = confinement;
  }

  /** Compares what is derived with the records. */
  public Verification verify(Consumer<RecountStep> progress) {
    confinement.requireWhole();
    return admin.verify(progress);
  }

  /** Makes what is derived anew from the records. */
  public void rebuild(Consumer<RecountStep> progress) {
    confinement.requireWhole();
    admin.rebuild(progress);
  }

  /** Starts erasing the data of a person. */
  public Erasure erase(String user) {
    confinement.requireWhole();
    return admin.erase(user);
  }
}
