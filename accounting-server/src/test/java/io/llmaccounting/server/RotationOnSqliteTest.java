package io.llmaccounting.server;

class RotationOnSqliteTest extends RotationUnderLoad {
  @Override
  String database() {
    return "";
  }
}
