package io.llmaccounting.server.rest;

import io.llmaccounting.server.rest.aggregates.Aggregates;
import io.llmaccounting.server.rest.audit.ListEntries;
import io.llmaccounting.server.rest.audit.ShowHead;
import io.llmaccounting.server.rest.audit.VerifyLog;
import io.llmaccounting.server.rest.contract.Contract;
import io.llmaccounting.server.rest.contract.Operation;
import io.llmaccounting.server.rest.events.ListEvents;
import io.llmaccounting.server.rest.events.RecordEvents;
import io.llmaccounting.server.rest.health.HealthHandler;
import io.llmaccounting.server.rest.http.Handler;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.server.rest.keys.ChangeKey;
import io.llmaccounting.server.rest.keys.IssueKey;
import io.llmaccounting.server.rest.keys.ListKeys;
import io.llmaccounting.server.rest.keys.RevokeKey;
import io.llmaccounting.server.rest.keys.RotateKey;
import io.llmaccounting.server.rest.keys.ShowKey;
import io.llmaccounting.server.rest.limits.ApplyLimitSet;
import io.llmaccounting.server.rest.limits.LimitStates;
import io.llmaccounting.server.rest.limits.ListDenials;
import io.llmaccounting.server.rest.limits.ListLimits;
import io.llmaccounting.server.rest.limits.ShowLimitSet;
import io.llmaccounting.server.rest.quota.Validate;
import io.llmaccounting.server.rest.reservations.Grow;
import io.llmaccounting.server.rest.reservations.Release;
import io.llmaccounting.server.rest.reservations.Renew;
import io.llmaccounting.server.rest.reservations.Reserve;
import io.llmaccounting.server.rest.reservations.Settle;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Who answers which operation: each of the contract, and no other. */
final class Handlers {
  private final Workers workers;
  private final Map<String, Handler> byOperation = new HashMap<>();

  Handlers(Contract contract, Workers workers) {
    this.workers = workers;
    byOperation.put("getHealth", new HealthHandler());
    byOperation.put("recordEvents", new RecordEvents(contract.schema("Event"), workers));
    add("listEvents", new ListEvents());
    add("getAggregates", new Aggregates());
    byOperation.put("validate", new Validate());
    byOperation.put("reserve", new Reserve());
    byOperation.put("settle", new Settle());
    byOperation.put("release", new Release());
    byOperation.put("renew", new Renew());
    byOperation.put("grow", new Grow());
    addManagement();
    Set<String> asked = new HashSet<>();
    contract.operations().forEach(operation -> asked.add(operation.id()));
    if (!asked.equals(byOperation.keySet())) {
      throw new IllegalStateException(
          "the contract has %s, and there are handlers of %s"
              .formatted(asked, byOperation.keySet()));
    }
  }

  private void addManagement() {
    add("listKeys", new ListKeys());
    add("issueKey", new IssueKey());
    add("showKey", new ShowKey());
    add("changeKey", new ChangeKey());
    add("revokeKey", new RevokeKey());
    add("rotateKey", new RotateKey());
    add("listLimits", new ListLimits());
    add("limitStatus", new LimitStates());
    add("showLimitSet", new ShowLimitSet());
    add("applyLimitSet", new ApplyLimitSet());
    add("listDenials", new ListDenials());
    add("listAudit", new ListEntries());
    add("verifyAudit", new VerifyLog());
    add("auditHead", new ShowHead());
  }

  private void add(String operation, Workers.Blocking handler) {
    byOperation.put(operation, workers.blocking(handler));
  }

  Handler of(Operation operation) {
    return Objects.requireNonNull(byOperation.get(operation.id()), operation.id());
  }
}
