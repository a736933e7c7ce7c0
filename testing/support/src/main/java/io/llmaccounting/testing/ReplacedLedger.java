package io.llmaccounting.testing;

import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.backend.AccessBackend;
import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.backend.CredentialStore;
import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.Maintenance;
import io.llmaccounting.backend.Outbox;
import io.llmaccounting.backend.OwnedObjectStore;
import io.llmaccounting.backend.Redelivery;
import io.llmaccounting.backend.SinkBackend;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.backend.UsageStore;

/**
 * A backend whose ledger is another one; closing it closes the rest.
 *
 * @param rest an {@link AccessBackend} where keys are asked for, a {@link SinkBackend} where sinks
 *     are
 */
public record ReplacedLedger(UsageBackend rest, Ledger ledger)
    implements AccessBackend, SinkBackend {
  @Override
  public UsageStore usage() {
    return rest.usage();
  }

  @Override
  public LimitStore limits() {
    return rest.limits();
  }

  @Override
  public DirectoryStore directory() {
    return rest.directory();
  }

  @Override
  public AuditLog audit() {
    return rest.audit();
  }

  @Override
  public Maintenance maintenance() {
    return rest.maintenance();
  }

  @Override
  public AccessKeyStore accessKeys() {
    return ((AccessBackend) rest).accessKeys();
  }

  @Override
  public CredentialStore credentials() {
    return ((AccessBackend) rest).credentials();
  }

  @Override
  public Outbox outbox() {
    return ((SinkBackend) rest).outbox();
  }

  @Override
  public Redelivery redelivery() {
    return ((SinkBackend) rest).redelivery();
  }

  @Override
  public OwnedObjectStore ownedObjects() {
    return ((AccessBackend) rest).ownedObjects();
  }

  @Override
  public void close() {
    rest.close();
  }
}
