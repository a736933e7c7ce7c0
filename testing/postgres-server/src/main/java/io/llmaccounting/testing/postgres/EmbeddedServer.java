package io.llmaccounting.testing.postgres;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server of our own on a free port, which can be stopped and started again like a real one. */
public final class EmbeddedServer implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;
  private static final int NOBODY = 65_534;

  private final Path binaries;
  private final Path data;
  private final int port;
  private final String options;
  private final List<String> asAnother;

  /** How a server is told to stop. */
  public enum Stop {
    FAST,
    IMMEDIATE
  }

  private EmbeddedServer(boolean durable) throws IOException, InterruptedException {
    this.binaries = PostgresBinaries.folder().resolve("bin");
    this.data = Files.createTempDirectory("llm-accounting-data");
    this.port = freePort();
    this.options =
        "-p %d -h 127.0.0.1 -k '' -c max_connections=200 -c fsync=%s -c full_page_writes=%s"
            .formatted(port, durable ? "on" : "off", durable ? "on" : "off");
    this.asAnother = asAnother();
    if (!asAnother.isEmpty()) {
      Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    Path cluster = data.resolve("cluster");
    run("initdb", "-D", cluster.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8");
    start();
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  /** Without fsync, for tests that lose nothing by it. */
  public static EmbeddedServer quick() throws IOException, InterruptedException {
    return new EmbeddedServer(false);
  }

  /** As a server is run where data matters. */
  public static EmbeddedServer durable() throws IOException, InterruptedException {
    return new EmbeddedServer(true);
  }

  /** Its JDBC URL. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  /** The port on this machine that it listens on. */
  public int port() {
    return port;
  }

  public void restart(Stop how) throws IOException, InterruptedException {
    stop(how);
    start();
  }

  public void start() throws IOException, InterruptedException {
    String log = data.resolve("server.log").toString();
    run("pg_ctl", "-D", cluster(), "-l", log, "-o", options, "-w", "start");
  }

  public void stop(Stop how) throws IOException, InterruptedException {
    String mode = how == Stop.FAST ? "fast" : "immediate";
    run("pg_ctl", "-D", cluster(), "-m", mode, "-w", "stop");
  }

  private String cluster() {
    return data.resolve("cluster").toString();
  }

  @Override
  public void close() {
    try {
      if (Files.exists(data.resolve("cluster").resolve("postmaster.pid"))) {
        stop(Stop.IMMEDIATE);
      }
      new ProcessBuilder("rm", "-rf", data.toString()).start().waitFor();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // PostgreSQL refuses to run as root: in a user namespace of its own it is not, else as nobody.
  private static List<String> asAnother() throws IOException, InterruptedException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return List.of();
    }
    if (works(List.of("unshare", "-U", "true"))) {
      return List.of("unshare", "-U");
    }
    return List.of(
        "setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--no-new-privs");
  }

  private static boolean works(List<String> command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // There is no such program here.
    }
  }

  private void run(String program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(asAnother);
    command.add(binaries.resolve(program).toString());
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("postgres", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(data.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!ended || process.exitValue() != 0) {
      throw new IOException(program + " failed: " + Files.readString(output));
    }
    Files.delete(output);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
